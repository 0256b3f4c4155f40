/**
 * `underpaint batch` as a person runs it, with the model that comes with Underpaint.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runUnderpaint, startUnderpaint } from './testing/run-underpaint.ts';

let folder: string;
const underpaint = (...args: string[]) => runUnderpaint(folder, ...args);
const NAMES = ['--name', '{label}-{cfg}-{seed}', '--provider', 'cpu'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-cli-batch-'));
  await writeFile(join(folder, 'plan.yaml'), '{ label: "{alpine lake|desert}", cfg: [1.5, 4], seed: 1..2 }');
});
afterAll(() => rm(folder, { recursive: true }));

function lines(stdout: string): Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Each command loads the model anew. */
const TIMEOUT_MS = 300_000;

describe('a batch', { timeout: TIMEOUT_MS }, () => {
  it('says before what it will take, and makes nothing', async () => {
    const { code, stdout, stderr } = await underpaint('batch', 'plan.yaml', '--out', 'none', '--dry-run', '--json');
    expect(code, stderr).toBe(0);
    const [estimate] = lines(stdout);
    expect(estimate).toMatchObject({ type: 'estimate', count: 8, done: 0, place: join(folder, 'none') });
    for (const name of ['ms', 'bytes', 'freeBytes']) expect(estimate?.[name]).toBeGreaterThan(1000);
    expect(await readdir(folder)).not.toContain('none');

    await writeFile(join(folder, 'huge.csv'), 'label,seed\ndesert,0..999999999\n');
    const huge = await underpaint('batch', 'huge.csv', '--out', 'none', '--dry-run');
    expect(huge).toMatchObject({ code: 2, stderr: expect.stringContaining('1,000,000,000 pictures') });
  });

  it('is stopped, killed, and goes on, with the pictures that generate makes', async () => {
    const args = ['batch', 'plan.yaml', '--out', 'out', ...NAMES, '--json'];
    for (const signal of ['SIGINT', 'SIGKILL'] as const) {
      const { child, ended } = startUnderpaint(folder, ...args);
      await new Promise<void>((resolve) => {
        child.stdout.on('data', (text: string) => text.includes('"picture"') && resolve());
      });
      child.kill(signal);
      expect((await ended).code).toBe(signal === 'SIGINT' ? 130 : null);
    }
    const there = (await readdir(join(folder, 'out'))).filter((name) => name.endsWith('.png')).length;
    expect(there).toBeGreaterThanOrEqual(2);

    const sheets = ['--sheet', '--grid', 'cfg,seed'];
    const { code, stdout, stderr } = await underpaint(...args, ...sheets, '--workers', '2');
    expect(code, stderr).toBe(0);
    const events = lines(stdout);
    expect(events[0]).toEqual({ type: 'start', count: 8, done: there });
    expect(events.at(-1)).toEqual({ type: 'result', count: 8, made: 8 - there, failed: [] });
    expect(events.filter(({ type }) => type === 'sheet').map(({ file }) => file)).toEqual([
      'sheets/grid-1.png',
      'sheets/grid-2.png',
      'sheets/contact-sheet.png',
    ]);
    const grid = await sharp(join(folder, 'out/sheets/grid-1.png')).metadata();
    expect(grid.width).toBeGreaterThan(2 * 128);
    expect(grid.height).toBeGreaterThan(2 * 128);

    await underpaint(
      'generate',
      '--label',
      'desert',
      '--cfg',
      '4',
      '--seed',
      '2',
      '--provider',
      'cpu',
      '--out',
      'one.png',
    );
    expect(await readFile(join(folder, 'out/desert-4-2.png'))).toEqual(await readFile(join(folder, 'one.png')));
  });

  it('notices another plan', async () => {
    await writeFile(join(folder, 'more.yaml'), '{ label: "{alpine lake|desert|harbour}", cfg: [1.5, 4], seed: 1..2 }');
    const { code, stderr } = await underpaint('batch', 'more.yaml', '--out', 'out', ...NAMES);
    expect(code).toBe(2);
    expect(stderr).toContain('8 of 12 pictures are the same');
  });
});

it.each(['jpeg', 'avif'])('makes pictures again from a %s', { timeout: TIMEOUT_MS }, async (format) => {
  await writeFile(join(folder, 'single.jsonl'), '{"label": "harbour", "seed": 5}');
  const made = await underpaint('batch', 'single.jsonl', '--out', format, '--format', format, '--name', 'a');
  expect(made.code, made.stderr).toBe(0);
  const file = join(format, format === 'jpeg' ? 'a.jpg' : 'a.avif');
  const { code, stderr } = await underpaint('generate', '--from', file, '--decode-only', '--out', `${format}.png`);
  expect(code, stderr).toBe(0);
});
