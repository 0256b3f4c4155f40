import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runUnderpaint } from './testing/run-underpaint.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-usage-'));
  await mkdir(join(folder, 'folder.png'));
  await writeFile(join(folder, 'plain.png'), 'no picture');
  await writeFile(join(folder, 'list.json'), '[1]');
  await writeFile(join(folder, 'run.json'), '{}');
  await writeFile(join(folder, 'junk.pth'), 'no checkpoint');
});
afterAll(() => rm(folder, { recursive: true }));

it('helps', async () => {
  const { code, stdout } = await runUnderpaint(folder);
  expect(code).toBe(0);
  for (const word of ['generate', 'models', 'trace', 'devices', 'UNDERPAINT_HOME']) expect(stdout).toContain(word);
  expect((await runUnderpaint(folder, 'help', 'generate')).stdout).toContain('--decode-only');
  expect((await runUnderpaint(folder, 'models', 'import', '--help')).stdout).toContain('neither copied nor converted');
});

const LABEL = ['generate', '--label', 'lake'];

describe('wrong usage', () => {
  it.each([
    [[...LABEL, '--count', '0'], 2, '--count must be a whole number from 1'],
    [[...LABEL, '--count', 'NaN'], 2, 'not "NaN"'],
    [[...LABEL, '--count', '-3'], 2, 'not "-3"'],
    [[...LABEL, '--count', '1000000000'], 2, 'to 10000'],
    [[...LABEL, '--seed', '4294967296'], 2, '--seed must be a whole number'],
    [[...LABEL, '--seed', '4294967295', '--count', '2'], 2, 'go beyond 4294967295'],
    [[...LABEL, '--cfg', 'NaN'], 2, '--cfg must be a number'],
    [[...LABEL, '--top-p', '1.5'], 2, '--top-p must be a number from 0 to 1'],
    [[...LABEL, '--top-k', '2.5'], 2, '--top-k must be a whole number'],
    [[...LABEL, '--set', 'steps'], 2, '--set must be name=value, not "steps"'],
    [['generate', '--label', '0', '--set', 'steps=9'], 2, 'no setting "steps"'],
    [['generate', '--label', '0', '--set', 'more_smooth=7'], 2, 'either on or off'],
    [[...LABEL, '--provider', 'tpu'], 2, 'Allowed choices'],
    [[...LABEL, '--precision', 'fp8'], 2, 'Allowed choices'],
    [[...LABEL, '--out', 'lake.jpg'], 2, '--out must end in .png'],
    [[...LABEL, '--out', 'folder.png'], 1, 'is a folder'],
    [[...LABEL, '--out', 'missing/lake.png'], 1, 'There is no folder'],
    [[...LABEL, '--frames', 'plain.png'], 1, 'is not a folder'],
    [[...LABEL, '--model', 'nothing'], 2, 'no model "nothing"'],
    [[...LABEL, '--colour'], 2, "Unknown option '--colour'"],
    [['generate'], 2, 'Say what to paint'],
    [['generate', '--decode-only'], 2, 'Add --from'],
    [['generate', '--from', 'plain.png', '--decode-only', '--seed', '1'], 2, '--seed has no effect'],
    [['generate', '--from', 'plain.png'], 1, 'not a picture that Underpaint can read'],
    [['generate', '--from', 'nothing.png'], 1, 'There is no picture nothing.png'],
    [['batch', 'plan.yaml'], 2, "Required option '--out <folder|s3://…>' not specified"],
    [['batch', 'nothing.yaml', '--out', 'out'], 1, 'There is no plan nothing.yaml'],
    [['batch', 'plain.png', '--out', 'out'], 2, 'is of no known kind'],
    [['batch', 'list.json', '--out', 'out'], 2, 'entry 1 must be a record'],
    [['batch', 'run.json', '--out', 'out', '--grid', 'cfg'], 2, '--grid names two fields'],
    [['batch', 'run.json', '--out', 'out', '--format', 'gif'], 2, 'Allowed choices'],
    [['batch', 'run.json', '--out', 's3:out'], 2, 'is no place for pictures'],
    [['worker', '--queue', 'redis://host'], 2, "Required option '--out <folder|s3://…>' not specified"],
    [['paint'], 2, "Unknown command 'paint'"],
    [['models', 'import'], 2, 'No file is given'],
    [['models', 'import', '--transformer', 'a.pth', '--tokenizer', 'b.pth'], 1, 'There is nothing at a.pth'],
    [['models', 'install', 'var_d61'], 2, 'no model "var_d61"'],
    [['models', 'install', 'http://example.org/x.pth', '--accept-licence'], 2, 'encrypted connection only'],
    [['models', 'install', 'https://example.org/x.pth'], 2, 'Nobody told Underpaint the licence'],
    [['models', 'preferences', '--memory', 'much'], 2, '"much" is not a size'],
    [['models', 'remove', 'nothing'], 2, 'no model "nothing"'],
    [['models', 'remove', 'starter-landscapes'], 2, 'a part of Underpaint'],
    [['models', 'import', '--transformer', 'junk.pth', '--tokenizer', 'junk.pth'], 1, 'junk.pth'],
    [['trace', '--run', 'list.json', '--out', 'a.safetensors'], 1, 'does not hold a run'],
    [['trace', '--run', 'nothing.json', '--out', 'a.safetensors'], 1, 'There is no file nothing.json'],
    [['trace', '--run', 'run.json', '--out', 'missing/a.safetensors'], 1, 'There is no folder'],
  ])('%j ends with %i', async (args, code, message) => {
    const ended = await runUnderpaint(folder, ...args);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(/^error: \S.*\.\n/);
    expect(ended.stderr).toContain(message);
  });

  it('leaves nothing behind', async () => {
    expect((await readdir(folder)).sort()).toEqual(['folder.png', 'junk.pth', 'list.json', 'plain.png', 'run.json']);
  });

  it('is an object for --json', async () => {
    const { stdout, code } = await runUnderpaint(folder, ...LABEL, '--model', 'nothing', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ type: 'error', code: 'unknown-model', hint: expect.any(String) });
  });
});
