import { describe, expect, it } from 'vitest';
import { TorchRandom } from '../../native-models/sampling/torch-random.ts';
import { findPaths } from '../paths.ts';
import { HostPool } from './host-pool.ts';

function task(seed: number, first = 1) {
  const raw = new TorchRandom(seed).randn(2 * 4 * 64);
  raw[0]! *= first;
  const rules = { vocabulary: 64, guidance: 1, topK: 20, topP: 0.9, forced: undefined, mixing: undefined } as const;
  return { raw, ...rules, random: new TorchRandom(seed).state, keep: 'everything' } as const;
}

const sample = (pool: HostPool, input: ReturnType<typeof task>) =>
  pool.run('sampleRows', input, [input.raw.buffer as ArrayBuffer]);

describe.each([1, 2])('with %i threads', (threads) => {
  const pool = new HostPool(findPaths().hostWorkerEntry, threads);

  it('gives the results in the order of the questions, the same as anywhere', async () => {
    const here = new HostPool('', 1);
    const seeds = Array.from({ length: 9 }, (_, i) => i);
    const results = await Promise.all(seeds.map((seed) => sample(pool, task(seed))));
    expect(results).toEqual(await Promise.all(seeds.map((seed) => sample(here, task(seed)))));
    expect(new Set(results.map(({ tokens }) => tokens.join())).size).toBeGreaterThan(5);
  });

  it('fails with what the task failed with, and goes on', async () => {
    const [bad, good] = await Promise.allSettled([sample(pool, task(1, Number.NaN)), sample(pool, task(1))]);
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'not-finite' } });
    expect(good.status).toBe('fulfilled');
  });
});

it('fails when its threads cannot start', async () => {
  const pool = new HostPool('/nowhere/host-worker.js', 2);
  for (const seed of [1, 2, 3]) await expect(sample(pool, task(seed))).rejects.toMatchObject({ code: 'internal' });
});
