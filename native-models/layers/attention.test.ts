import { describe, expect, it } from 'vitest';
import { type Doubles, expectNear } from '../../test/support/float64-reference.ts';
import { type Floats, filled, normal, runGraph } from '../../test/support/tiny-graph.ts';
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import {
  attend,
  attendMany,
  joinCache,
  joinHeads,
  joinManyTokens,
  l2Normalize,
  scaleHeads,
  splitHeads,
  tokensFirst,
} from './attention.ts';

const [BATCH, HEADS, SIZE] = [2, 3, 8];
const PAST = 5;
const NEW = 4;
const FACTOR = 0.7;

/** Element of (B, L, H·d) by batch row, token, head and channel. */
function at({ data, shape }: Floats, [row, token, head, channel]: readonly [number, number, number, number]): number {
  return data[((row * shape[1]! + token) * HEADS + head) * SIZE + channel]!;
}

/** All queries see all keys. Sequences are (B, L, H·d); past tokens come first. */
function reference(q: Floats, keys: readonly Floats[], values: readonly Floats[]): Doubles {
  const result = new Float64Array(q.data.length);
  for (let i = 0; i < result.length; i++) {
    const [channel, head] = [i % SIZE, Math.floor(i / SIZE) % HEADS];
    const [token, row] = [Math.floor(i / SIZE / HEADS) % NEW, Math.floor(i / SIZE / HEADS / NEW)];
    let [total, sum] = [0, 0];
    for (const [part, k] of keys.entries()) {
      for (let seen = 0; seen < k.shape[1]!; seen++) {
        let product = 0;
        for (let c = 0; c < SIZE; c++) product += at(q, [row, token, head, c]) * at(k, [row, seen, head, c]);
        const weight = Math.exp(product * FACTOR);
        total += weight;
        sum += weight * at(values[part]!, [row, seen, head, channel]);
      }
    }
    result[i] = sum / total;
  }
  return { data: result, shape: q.shape };
}

describe('attention', () => {
  it.each(['cpu', 'gpu'] as const)(
    'on the %s sees the cached tokens and the new ones, each head for itself',
    async (target) => {
      const sequence = (seed: number, tokens: number) => normal(seed, BATCH, tokens, HEADS * SIZE);
      const q = sequence(1, NEW);
      const [oldKeys, keys] = [sequence(2, PAST), sequence(3, NEW)];
      const [oldValues, values] = [sequence(4, PAST), sequence(5, NEW)];
      const inputs = { q, oldKeys, keys, oldValues, values };
      const build = (g: GraphBuilder, given: Readonly<Record<string, Value>>) => {
        const vectors = (name: string) => tokensFirst(g, splitHeads(g, given[name]!, HEADS));
        const joined = (past: string, current: string) => joinCache(g, vectors(past), vectors(current));
        const cache = { keys: joined('oldKeys', 'keys'), values: joined('oldValues', 'values') };
        expect(cache.keys.shape).toEqual([BATCH, HEADS, 'total', SIZE]);
        return attend(g, splitHeads(g, given.q!, HEADS), cache, FACTOR);
      };
      const y = await runGraph(inputs, build, target);
      expectNear(y, reference(q, [oldKeys, keys], [oldValues, values]), 2e-6);
    },
  );

  it.each(['cpu', 'gpu'] as const)('on the %s is the same over many tokens', async (target) => {
    const sequence = (seed: number, tokens: number) => normal(seed, BATCH, tokens, HEADS * SIZE);
    const inputs = { q: sequence(1, NEW), old: sequence(2, PAST), keys: sequence(3, NEW), values: sequence(4, NEW) };
    const build = (g: GraphBuilder, given: Readonly<Record<string, Value>>) => {
      const vectors = (name: string) => tokensFirst(g, splitHeads(g, given[name]!, HEADS));
      const joined = (current: string) => joinManyTokens(g, vectors('old'), vectors(current));
      const seen = { keys: joined('keys'), values: joined('values') };
      return attendMany(g, splitHeads(g, given.q!, HEADS), seen, FACTOR);
    };
    const y = await runGraph(inputs, build, target);
    expectNear(y, reference(inputs.q, [inputs.old, inputs.keys], [inputs.old, inputs.values]), 2e-6);
  });

  it('splits heads and joins them again', async () => {
    const x = normal(6, BATCH, NEW, HEADS * SIZE);
    const y = await runGraph({ x }, (g, { x }) => joinHeads(g, splitHeads(g, x!, HEADS)));
    expect(y).toEqual(x);
  });

  it('scales each head by its own factor', async () => {
    const [x, factors] = [normal(7, BATCH, NEW, HEADS, SIZE), filled([1, -2, 0.5], HEADS)];
    const y = await runGraph({ x, factors }, (g, { x, factors }) => scaleHeads(g, x!, factors!));
    const expected = x.data.map((value, i) => value * factors.data[Math.floor(i / SIZE) % HEADS]!);
    expect(y.data).toEqual(expected);
  });
});

describe('l2Normalize', () => {
  it.each([1e-6, 1, 1e6])('makes vectors of length %d length 1', async (length) => {
    const base = normal(8, 4, SIZE);
    const x = { ...base, data: base.data.map((value) => value * length) };
    const expected = Float64Array.from(x.data, (value, i) => {
      const row = Math.floor(i / SIZE) * SIZE;
      return value / Math.hypot(...x.data.subarray(row, row + SIZE));
    });
    const y = await runGraph({ x }, (g, { x }) => l2Normalize(g, x!));
    expectNear(y, { data: expected, shape: x.shape }, 1e-6);
  });

  it('leaves a vector of zeros zero', async () => {
    const x = filled(new Array(SIZE).fill(0), 1, SIZE);
    expect(await runGraph({ x }, (g, { x }) => l2Normalize(g, x!))).toEqual(x);
  });
});
