import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPngRecord } from '../jobs/png.ts';
import { runUnderpaint, startUnderpaint } from './testing/run-underpaint.ts';

/** Small models of the real architecture with random weights. */
const GOLDEN = resolve(import.meta.dirname, '../../test/golden');
const TRANSFORMER = join(GOLDEN, 'var256/checkpoint.pth');
const TOKENIZER = join(GOLDEN, 'shared/vae_ch32v320z32.pth');

let folder: string;
const underpaint = (...args: string[]) => runUnderpaint(folder, ...args);

/** Runs a command that must succeed and returns its JSON lines. */
async function events(...args: string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await underpaint(...args, '--json');
  expect(code, stderr + stdout).toBe(0);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const pixels = (file: string) => sharp(join(folder, file)).raw().toBuffer();
const bytes = (file: string) => readFile(join(folder, file));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-cli-'));
  // Swapped on purpose: what a file is stands in the file.
  const [model] = await events(
    'models',
    'import',
    '--transformer',
    TOKENIZER,
    '--tokenizer',
    TRANSFORMER,
    '--id',
    'tiny',
  );
  expect(model).toMatchObject({ type: 'model', id: 'tiny', family: 'var' });
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

describe('models', () => {
  it('imports without copying, with a fitted preview', async () => {
    expect(await readdir(join(folder, 'home/models/tiny'))).toEqual(['card.json']);
    const card = JSON.parse(await readFile(join(folder, 'home/models/tiny/card.json'), 'utf8'));
    expect(card.files).toEqual({ transformer: TRANSFORMER, tokenizer: TOKENIZER });
    expect(card.preview.length).toBe(33 * 3);
  });

  it('lists', async () => {
    const entries = await events('models', 'list');
    expect(entries).toContainEqual(expect.objectContaining({ id: 'tiny', builtIn: false, family: 'var' }));
  });

  it('takes the same files again, and refuses others under the same id', async () => {
    const files = ['--transformer', TRANSFORMER, '--tokenizer', TOKENIZER];
    await events('models', 'import', ...files, '--id', 'tiny');
    await copyFile(TRANSFORMER, join(folder, 'other.pth'));
    const other = ['--transformer', 'other.pth', '--tokenizer', TOKENIZER];
    const refused = await underpaint('models', 'import', ...other, '--id', 'tiny');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--id NAME') });
    await events('models', 'import', ...other);
    expect(await readdir(join(folder, 'home/models'))).toEqual(['other', 'tiny']);
  });

  it('says what is wrong with files, and writes nothing', async () => {
    await writeFile(join(folder, 'cut.pth'), (await readFile(TRANSFORMER)).subarray(0, 100_000));
    const tokenizer = ['--tokenizer', TOKENIZER, '--id', 'bad'];
    expect(await underpaint('models', 'import', '--transformer', 'cut.pth', ...tokenizer)).toMatchObject({ code: 1 });
    const twice = await underpaint('models', 'import', '--transformer', TOKENIZER, ...tokenizer);
    expect(twice).toMatchObject({ code: 1, stderr: expect.stringContaining('transformer') });
    expect(await readdir(join(folder, 'home/models'))).not.toContain('bad');
  });

  it('has its labels, and suggests the nearest', async () => {
    const labels = await events('models', 'labels', 'tiny');
    expect(labels[0]).toEqual({ index: 0, label: null });
    const { code, stderr } = await underpaint('generate', '--model', 'tiny', '--label', 'lake', '--out', 'no.png');
    expect(code).toBe(2);
    expect(stderr).toContain('an index from 0 to');
  });
});

describe('generate', () => {
  it('tells every scale, writes previews, and a picture that is made again from its file', async () => {
    const request = ['generate', '--model', 'tiny', '--label', '3', '--seed', '7', '--top-k', '250', '--cfg', '2'];
    const told = await events(...request, '--out', 'a.png', '--frames', 'steps');
    expect(told.map(({ type }) => type)).toEqual(['start', ...Array(10).fill('step'), 'picture']);
    expect(told[0]).toMatchObject({
      seed: 7,
      label: 3,
      steps: 10,
      settings: { cfg: 2, top_k: 250, more_smooth: false },
    });
    expect(told.at(-1)).toMatchObject({ file: join(folder, 'a.png'), width: 256, height: 256, provider: 'cpu' });
    expect((await readdir(join(folder, 'steps'))).at(-1)).toBe('scale-09.png');
    expect(await sharp(join(folder, 'steps/scale-00.png')).metadata()).toMatchObject({ width: 256, height: 256 });

    const record = readPngRecord(await bytes('a.png'));
    expect(record.request).toMatchObject({ label: 3, seed: 7 });
    expect(record.tokens.counts).toEqual([1, 4, 9, 16, 25, 36, 64, 100, 169, 256]);
    expect(JSON.stringify(record)).not.toContain(folder);

    await events('generate', '--from', 'a.png', '--out', 'again.png');
    expect(await bytes('again.png')).toEqual(await bytes('a.png'));
    await events('generate', '--from', 'a.png', '--decode-only', '--out', 'decoded.png');
    expect((await pixels('decoded.png')).equals(await pixels('a.png'))).toBe(true);
    await events('generate', '--from', 'a.png', '--seed', '8', '--out', 'other.png');
    expect((await pixels('other.png')).equals(await pixels('a.png'))).toBe(false);
  });

  it('makes several, and replaces files', async () => {
    await writeFile(join(folder, 'b-7.png'), 'old');
    const { code, stdout } = await underpaint(
      ...[
        'generate',
        '--model',
        'tiny',
        '--label',
        '1',
        '--seed',
        '7',
        '--count',
        '2',
        '--top-k',
        '0',
        '--out',
        'b.png',
      ],
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^b-7\.png .*seed 7.*\nb-8\.png .*seed 8.*\n$/);
    expect(readPngRecord(await bytes('b-7.png')).request.seed).toBe(7);
    expect(readPngRecord(await bytes('b-8.png')).request.seed).toBe(8);
  });

  it('works on a folder without a card', async () => {
    await mkdir(join(folder, 'bare'));
    await symlink(TRANSFORMER, join(folder, 'bare/one.pth'));
    await copyFile(TOKENIZER, join(folder, 'bare/two.pth'));
    await copyFile(join(GOLDEN, 'var256/expected.safetensors'), join(folder, 'bare/else.safetensors'));
    await events(
      'generate',
      '--model',
      'bare',
      '--label',
      '3',
      '--seed',
      '7',
      '--top-k',
      '250',
      '--cfg',
      '2',
      '--out',
      'c.png',
    );
    expect((await pixels('c.png')).equals(await pixels('a.png'))).toBe(true);
  });

  it('checks settings against the model', async () => {
    const run = await underpaint('generate', '--model', 'tiny', '--label', '1', '--cfg', '500', '--out', 'no.png');
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('(cfg) must be a number from 0 to') });
  });

  it('stops softly on Ctrl+C and leaves no picture', async () => {
    const args = ['generate', '--model', 'tiny', '--label', '1', '--count', '500', '--out', 'stop-{n}.png', '--json'];
    const { child, ended } = startUnderpaint(folder, ...args);
    child.stdout.once('data', () => child.kill('SIGINT'));
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toBe('error: Stopped.\n');
    expect((await readdir(folder)).filter((name) => name.startsWith('stop'))).toEqual([]);
  });
});

describe('trace', () => {
  it('writes tensors, and nothing when it fails', async () => {
    const meta = JSON.parse(await readFile(join(GOLDEN, 'var256/meta.json'), 'utf8'));
    await writeFile(join(folder, 'run.json'), JSON.stringify(meta.expected['expected.safetensors'].run));
    const force = ['--force', join(GOLDEN, 'var256/expected.safetensors')];
    const [done] = await events('trace', '--model', 'tiny', '--run', 'run.json', ...force, '--out', 't.safetensors');
    expect(done!.tensors).toContain('logits');
    expect((await stat(join(folder, 't.safetensors'))).size).toBeGreaterThan(100_000);

    await writeFile(join(folder, 'bad.json'), '{"label": 3, "colour": 1}');
    const bad = await underpaint('trace', '--model', 'tiny', '--run', 'bad.json', '--out', 'bad.safetensors');
    expect(bad).toMatchObject({ code: 2, stderr: expect.stringContaining("'colour'") });
    expect(await readdir(folder)).not.toContain('bad.safetensors');
  });
});
