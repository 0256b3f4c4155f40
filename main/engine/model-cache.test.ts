import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StudioError } from '../../app/base/errors.ts';
import type { ModelSource } from '../../app/contracts/engine-api.ts';
import { type ModelMemory, memoryOfFiles, totalNeed } from '../../native-models/memory.ts';
import { ModelCache } from './model-cache.ts';
import { FakePipeline } from './testing/fake-pipeline.ts';

const MODEL_BYTES = 100;
/** Of one of them in memory. */
const NEED = totalNeed(memoryOfFiles(MODEL_BYTES).need('fp32'));

let folder: string;
let loaded: FakePipeline[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-cache-'));
  loaded = [];
  for (const name of ['a', 'b', 'c']) await writeFile(join(folder, name), new Uint8Array(MODEL_BYTES));
});

afterEach(() => rm(folder, { recursive: true }));

function loading(name: string, extra: Partial<ModelSource> = {}) {
  const source = { id: name, files: [join(folder, name)], labels: [], defaults: {}, preview: undefined, ...extra };
  return { source, provider: 'cpu', precision: 'fp32', whole: true } as const;
}

function createCache(budget: number): ModelCache {
  return new ModelCache(async ({ source }) => {
    const pipeline = new FakePipeline(source.id);
    loaded.push(pipeline);
    return pipeline;
  }, budget);
}

const alive = () => loaded.filter(({ disposed }) => !disposed).map(({ title }) => title);

it('loads a model once', async () => {
  const cache = createCache(1000);
  expect(await cache.get(loading('a'))).toBe(await cache.get(loading('a')));
  expect(loaded).toHaveLength(1);
});

it('puts the least recently used model away when a new one does not fit', async () => {
  const cache = createCache(2.5 * NEED);
  for (const name of ['a', 'b', 'a', 'c']) await cache.get(loading(name));
  expect(alive()).toEqual(['a', 'c']);
});

it('refuses a model that is larger than the budget, and says what would fit', async () => {
  const cache = createCache(NEED - 1);
  await expect(cache.get(loading('a'))).rejects.toMatchObject({
    code: 'out-of-memory',
    message: expect.stringContaining('300 bytes'),
    hint: expect.stringContaining('As int8'),
  });
  await cache.get({ ...loading('a'), precision: 'int8' });
  await expect(cache.get({ ...loading('b'), budget: 1 })).rejects.toMatchObject({
    hint: expect.stringContaining('smaller model'),
  });
});

it('opens a model that is larger than the budget, for what takes little of it', async () => {
  const cache = createCache(NEED - 1);
  await cache.get({ ...loading('a'), whole: false });
  expect(alive()).toEqual(['a']);
  await expect(cache.get(loading('a'))).rejects.toMatchObject({ code: 'out-of-memory' });
});

it('puts nothing away for a model that is only described', async () => {
  const cache = createCache(1.5 * NEED);
  await cache.get(loading('a'));
  await cache.get({ ...loading('b'), whole: false });
  expect(await cache.need(loading('b'))).toEqual({ fixed: NEED, perPicture: 0 });
  expect(alive()).toEqual(['a', 'b']);
  await cache.get(loading('b'));
  expect(alive()).toEqual(['b']);
});

it('takes the word of a model that knows what it needs, and says what else of its family would fit', async () => {
  const memory: ModelMemory = {
    need: () => ({ fixed: 700, perPicture: 400 }),
    smaller: (bytes) => `The small one fits into ${bytes} bytes.`,
  };
  const cache = new ModelCache(async () => Object.assign(new FakePipeline('a'), { memory }), 1000);
  await expect(cache.get(loading('a'))).rejects.toMatchObject({
    message: expect.stringContaining('1.1 kB'),
    hint: expect.stringContaining('The small one fits into 1000 bytes.'),
  });
  expect(await cache.get({ ...loading('a'), budget: 1100 })).toBeInstanceOf(FakePipeline);
});

it('follows a budget that is changed', async () => {
  const cache = createCache(1000);
  for (const name of ['a', 'b', 'c']) await cache.get(loading(name));
  await cache.get({ ...loading('a'), precision: 'int8', budget: 1.9 * NEED });
  expect(alive()).toEqual(['c', 'a']);
});

it('keeps providers and precisions apart', async () => {
  const cache = createCache(1000);
  await cache.get(loading('a'));
  await cache.get({ ...loading('a'), precision: 'int8' });
  await cache.get({ ...loading('a'), provider: 'webgpu' });
  expect(alive()).toEqual(['a', 'a', 'a']);
});

it.each<[string, () => Promise<Partial<ModelSource>>]>([
  ['its preview is fitted', async () => ({ preview: [1, 2, 3] })],
  ['its labels change', async () => ({ labels: ['cat'] })],
  [
    'its file changes',
    async () => {
      await writeFile(join(folder, 'a'), new Uint8Array(MODEL_BYTES + 1));
      return {};
    },
  ],
])('loads a model again when %s, and keeps no second copy', async (_, change) => {
  const cache = createCache(1000);
  await cache.get(loading('a'));
  await cache.get(loading('a', await change()));
  expect(loaded.map(({ disposed }) => disposed)).toEqual([true, false]);
});

it('makes room and tries again when memory runs out', async () => {
  let attempts = 0;
  const cache = new ModelCache(async ({ source }) => {
    if (source.id === 'b' && ++attempts === 1) throw new StudioError('out-of-memory', 'full');
    const pipeline = new FakePipeline(source.id);
    loaded.push(pipeline);
    return pipeline;
  }, 1000);
  await cache.get(loading('a'));
  await cache.get(loading('b'));
  expect(alive()).toEqual(['b']);
});

it('does not keep what failed to load', async () => {
  let fail = true;
  const cache = new ModelCache(async () => {
    if (fail) throw new StudioError('session-failed', 'no');
    return new FakePipeline('a');
  });
  await expect(cache.get(loading('a'))).rejects.toMatchObject({ code: 'session-failed' });
  fail = false;
  expect(await cache.get(loading('a'))).toBeInstanceOf(FakePipeline);
});

it('says which file is missing', async () => {
  await expect(createCache(1000).get(loading('nowhere'))).rejects.toMatchObject({
    code: 'missing-file',
    message: expect.stringContaining(join(folder, 'nowhere')),
  });
});
