import { expect, it } from 'vitest';
import type { Feeds } from '../runtime.ts';
import { TokenCache } from './token-cache.ts';

const SHAPE = { layers: 2, groups: 3, headSize: 4, limit: 300 };

/** (2·layers, groups, count, d); every number tells its place. */
function fresh(first: number, count: number): Float32Array {
  const { layers, groups, headSize: d } = SHAPE;
  return Float32Array.from({ length: 2 * layers * groups * count * d }, (_, i) => {
    const [c, token, row] = [i % d, Math.floor(i / d) % count, Math.floor(i / d / count)];
    return row * 10_000 + (first + token) * 10 + c;
  });
}

function valueAt(feeds: Feeds, name: string, group: number, token: number, c: number): number {
  const { data, shape } = feeds[name] as { data: Float32Array; shape: readonly number[] };
  const [, capacity, d] = shape as [number, number, number];
  return data[(group * capacity + token) * d + c] as number;
}

it('keeps every token in its place while it grows', () => {
  const cache = new TokenCache(SHAPE);
  let length = 0;
  for (const count of [1, 5, 60, 1, 100]) {
    cache.append(fresh(length, count), count);
    length += count;
  }
  expect(cache.length).toBe(length);
  const feeds = cache.feeds();
  for (const [buffer, name] of ['keys.0', 'values.0', 'keys.1', 'values.1'].entries()) {
    for (let group = 0; group < SHAPE.groups; group++) {
      const row = (buffer * SHAPE.groups + group) * 10_000;
      for (let token = 0; token < length; token++)
        expect(valueAt(feeds, name, group, token, 3)).toBe(row + token * 10 + 3);
    }
  }
});

it('hides what is not there from a new token, and later ones from earlier ones', () => {
  const cache = new TokenCache(SHAPE);
  cache.append(fresh(0, 2), 2);
  const single = cache.feeds().bias?.data as Float32Array;
  const capacity = single.length - 1;
  expect(Array.from(single).map((value) => value === 0)).toEqual(
    Array.from({ length: capacity + 1 }, (_, i) => i < 2 || i === capacity),
  );
  const { bias, sizes } = cache.causalFeeds(3);
  expect(bias?.shape).toEqual([3, capacity + 3]);
  expect(Array.from(sizes?.data as BigInt64Array, Number)).toEqual([capacity, 3]);
  for (let row = 0; row < 3; row++) {
    const seen = Array.from(
      (bias as { data: Float32Array }).data.subarray(row * (capacity + 3), (row + 1) * (capacity + 3)),
    );
    expect(seen.map((value) => value === 0)).toEqual(
      Array.from({ length: capacity + 3 }, (_, i) => i < 2 || (i >= capacity && i <= capacity + row)),
    );
  }
});

it('puts one token in the place of many equal keys', () => {
  const cache = new TokenCache(SHAPE);
  cache.appendMean(fresh(0, 5), 5);
  expect(cache.length).toBe(1);
  expect(valueAt(cache.feeds(), 'values.1', 2, 0, 1)).toBeCloseTo(11 * 10_000 + 2 * 10 + 1);
  expect((cache.feeds().bias as { data: Float32Array }).data[0]).toBeCloseTo(Math.log(5));
});
