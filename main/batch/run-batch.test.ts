import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StudioError } from '../../app/base/errors.ts';
import type { BatchEvent } from '../../app/batch/batch-event.ts';
import { DEFAULT_OUTPUT } from '../../app/batch/batch-options.ts';
import type { PlanEntry } from '../../app/batch/plan.ts';
import { readPictureRecord } from '../jobs/picture-file.ts';
import type { BatchRequest } from './prepare-batch.ts';
import { type BatchRun, runBatch } from './run-batch.ts';
import { FolderStore } from './stores/folder-store.ts';
import { createFakeEngine, type FakeEngine, prepareFakeBatch } from './testing/fake-engine.ts';

const ENGINE: BatchRequest['engine'] = { provider: 'cpu', precision: 'fp32', previews: 'linear' };

let folder: string;
let events: BatchEvent[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-batch-'));
  events = [];
});
afterEach(() => rm(folder, { recursive: true }));

interface Given extends Partial<Omit<BatchRun, 'batch' | 'store' | 'assembleTeam'>> {
  readonly entries?: readonly PlanEntry[];
  readonly output?: Partial<BatchRequest['output']>;
  readonly engines?: readonly FakeEngine[];
  readonly out?: string;
}

async function run({
  entries = [{ label: 'lake', seed: '1..20' }],
  output,
  out = folder,
  engines = [createFakeEngine()],
  ...given
}: Given = {}) {
  const request: BatchRequest = { plan: { entries }, output: { ...DEFAULT_OUTPUT, ...output }, engine: ENGINE };
  return runBatch({
    batch: await prepareFakeBatch(request),
    store: new FolderStore(out),
    assembleTeam: async (model) => ({ engines, model }),
    sharesEngine: false,
    retries: 2,
    acceptChanges: false,
    onEvent: (event) => void events.push(event),
    signal: new AbortController().signal,
    ...given,
  });
}

async function pictures(out = folder): Promise<Record<string, string>> {
  const names = (await readdir(out, { recursive: true })).filter((name) => /\.(png|webp|json)$/.test(name)).sort();
  const files = names.filter((name) => !name.includes('.underpaint'));
  return Object.fromEntries(
    await Promise.all(files.map(async (name) => [name, (await readFile(join(out, name))).toString('base64')] as const)),
  );
}

const ofType = <T extends BatchEvent['type']>(type: T) =>
  events.filter((event): event is Extract<BatchEvent, { type: T }> => event.type === type);

it('makes every picture once, with its record', async () => {
  const engine = createFakeEngine();
  expect(await run({ engines: [engine] })).toEqual({ count: 20, made: 20, failed: [] });
  expect(engine.asked.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
  expect(Object.keys(await pictures())).toHaveLength(20);
  const record = await readPictureRecord(await readFile(join(folder, '07-lake-7.png')));
  expect(record.request).toEqual({ label: 0, labelName: 'lake', seed: 7, settings: { cfg: 2 } });
  expect(events[0]).toEqual({ type: 'start', count: 20, done: 0 });
  expect(ofType('picture').map(({ done }) => done)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
});

it('does nothing twice', async () => {
  await run();
  await rm(join(folder, '03-lake-3.png'));
  const engine = createFakeEngine();
  expect(await run({ engines: [engine] })).toEqual({ count: 20, made: 1, failed: [] });
  expect(engine.asked).toEqual([3]);
});

it('makes the same pictures with any number of engines, in any order', async () => {
  const entries = [{ label: '{lake|desert}', cfg: [1, 3], seed: '1..7' }];
  const [one, many] = [join(folder, 'one'), join(folder, 'many')];
  await run({ entries, out: one });
  const slow = (ms: number) => createFakeEngine(() => new Promise((resolve) => setTimeout(resolve, ms)));
  await run({ entries, out: many, engines: [slow(3), slow(1), slow(2)] });
  expect(await pictures(many)).toEqual(await pictures(one));
});

describe('what fails', () => {
  const broken = (seeds: readonly number[], times = Number.POSITIVE_INFINITY) => {
    const left = new Map(seeds.map((seed) => [seed, times]));
    return createFakeEngine(({ seed }) => {
      const count = left.get(seed) ?? 0;
      left.set(seed, count - 1);
      if (count > 0) throw new StudioError('not-finite', `Seed ${seed} is bad.`);
    });
  };

  it('is tried again, and costs the others nothing', async () => {
    const engine = broken([5], 2);
    expect(await run({ engines: [engine] })).toEqual({ count: 20, made: 20, failed: [] });
    expect(engine.asked.filter((seed) => seed === 5)).toHaveLength(3);
    expect(ofType('retry').map(({ n }) => n)).toEqual([5]);
  });

  it('is listed in the end, and the rest is made', async () => {
    const result = await run({ engines: [broken([18, 5])], retries: 1 });
    expect(result).toMatchObject({ count: 20, made: 18 });
    expect(result.failed.map(({ n, error }) => [n, error.message])).toEqual([
      [5, 'Seed 5 is bad.'],
      [18, 'Seed 18 is bad.'],
    ]);
    expect(await run()).toMatchObject({ made: 2, failed: [] });
  });

  it('ends it when no other picture would be spared', async () => {
    const engine = createFakeEngine(({ seed }) => {
      if (seed === 4) throw new StudioError('missing-file', 'The model is gone.');
    });
    await expect(run({ engines: [engine] })).rejects.toMatchObject({ code: 'missing-file' });
    expect(engine.asked.length).toBeLessThan(20);
  });

  it('is told from a stop, after which it goes on', async () => {
    const stop = new AbortController();
    const engine = createFakeEngine(({ seed }) => {
      if (seed === 9) stop.abort();
    });
    await expect(run({ engines: [engine], signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' });
    const made = ofType('picture').length;
    expect(made).toBeGreaterThan(0);
    expect(await run()).toEqual({ count: 20, made: 20 - made, failed: [] });
  });
});

describe('another plan', () => {
  it('is noticed, and changes nothing', async () => {
    await run();
    const before = await pictures();
    const changed = run({ entries: [{ label: 'lake', seed: '1..21' }] });
    await expect(changed).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('another plan'),
      hint: expect.stringContaining('20 of 21 pictures are the same'),
    });
    await expect(run({ output: { quality: 50, format: 'webp' } })).rejects.toThrow('another plan');
    expect(await pictures()).toEqual(before);
  });

  it('is made where it differs, when it is accepted', async () => {
    const names = { output: { name: '{label}-{seed}' } };
    await run({ ...names, entries: [{ label: 'lake', seed: '1..5' }] });
    const engine = createFakeEngine();
    const entries = [
      { label: 'lake', seed: '1..3' },
      { label: 'lake', seed: '4..6', cfg: 5 },
    ];
    expect(await run({ ...names, entries, engines: [engine], acceptChanges: true })).toMatchObject({ made: 3 });
    expect(engine.asked.toSorted()).toEqual([4, 5, 6]);
    expect(await run({ ...names, entries })).toMatchObject({ made: 0 });
    const record = await readPictureRecord(await readFile(join(folder, 'lake-5.png')));
    expect(record.request.settings.cfg).toBe(5);
  });

  it('never replaces a file that no batch has made', async () => {
    await writeFile(join(folder, '07-LAKE-7.png'), 'a holiday');
    await expect(run({ acceptChanges: true })).rejects.toThrow('07-lake-7.png would be replaced');
    expect(await readdir(folder)).toEqual(['.underpaint', '07-LAKE-7.png']);
    await writeFile(join(folder, '08-lake-8.json'), 'notes');
    const sidecars = run({ output: { metadata: 'sidecar' } });
    await expect(sidecars).rejects.toThrow('07-lake-7.png and 1 more would be replaced');
  });
});

describe('the folder', () => {
  it('is used by one batch at a time', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = run({ engines: [createFakeEngine(() => held)] });
    await expect.poll(() => events.length).toBeGreaterThan(0);
    await expect(run()).rejects.toMatchObject({
      code: 'in-use',
      message: expect.stringContaining('Another batch'),
    });
    release();
    await first;
  });

  it('is cleared of what a killed batch left half-written', async () => {
    await writeFile(join(folder, '.1234.partial'), 'half a picture');
    await mkdir(join(folder, '.underpaint'));
    await writeFile(
      join(folder, '.underpaint/lock'),
      JSON.stringify({ pid: 2 ** 22 + 1, host: (await import('node:os')).hostname() }),
    );
    await run();
    expect((await readdir(folder)).filter((name) => name.endsWith('.partial'))).toEqual([]);
    expect(await readdir(join(folder, '.underpaint'))).toEqual(['batch.json']);
  });

  it('has records beside the pictures when it is to', async () => {
    await run({
      entries: [{ label: 'desert', seed: 3 }],
      output: { metadata: 'sidecar', format: 'webp', name: 'a/{seed}' },
    });
    expect(Object.keys(await pictures())).toEqual(['a/3.json', 'a/3.webp']);
    const record = JSON.parse(await readFile(join(folder, 'a/3.json'), 'utf8'));
    expect(record.request).toMatchObject({ labelName: 'desert', seed: 3 });
  });

  it('is refused when it cannot be written', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(run({ out: join(folder, 'file', 'below') })).rejects.toMatchObject({ code: 'unwritable' });
    expect((await stat(join(folder, 'file'))).size).toBe(0);
  });
});

it.each<[Partial<BatchRequest['output']>, PlanEntry, string]>([
  [{}, { label: 'lake', seed: '0..4294967296' }, 'asks for 4,294,967,297 pictures'],
  [{}, { label: '{lake|laek}' }, 'Picture 2 of the plan: The model has no class "laek"'],
  [{}, { cfg: [1, 99] }, 'Picture 2 of the plan: Guidance (cfg) must be'],
  [{ name: '{label}' }, { label: 'lake', seed: '1..9' }, 'Pictures 1 and 2 would both be written to "lake.png"'],
  [{ name: '{colour}' }, { label: 'lake' }, 'no "colour" for their name'],
  [{ name: '../{n}' }, { label: 'lake' }, 'cannot be a name'],
])('is refused before anything is written: %j %j', async (output, entry, message) => {
  await expect(run({ output, entries: [entry] })).rejects.toThrow(message);
  expect(await readdir(folder)).toEqual([]);
});
