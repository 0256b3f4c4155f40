import { expect, it } from 'vitest';
import { float32 } from '../runtime.ts';
import { type CacheLayout, KeyValueCache } from './key-value-cache.ts';

const LAYOUT: CacheLayout = { names: ['keys', 'values'], heads: 1, size: 2, capacity: 5 };

/** What a step of `tokens` tokens gives; the numbers tell name, token and row. */
function step(first: number, tokens: number, rows: number) {
  const output = (sign: number) => {
    const data = Array.from({ length: tokens * rows }, (_, i) => {
      const value = sign * (100 * (first + Math.floor(i / rows)) + (i % rows));
      return [value, value];
    });
    return float32(Float32Array.from(data.flat()), tokens, rows, 1, 2);
  };
  return { 'keys:new': output(1), 'values:new': output(-1) };
}

function rowsOf(cache: KeyValueCache, name: string): number[] {
  const { data, shape } = cache.feeds()[name]!;
  expect(shape).toEqual([cache.tokens, cache.rows, 1, 2]);
  return Array.from(data as Float32Array).filter((_, i) => i % 2 === 0);
}

it('begins empty, and grows by what steps add', () => {
  const cache = new KeyValueCache(LAYOUT, 2);
  expect(cache.feeds().keys).toMatchObject({ shape: [0, 2, 1, 2], data: new Float32Array(0) });
  cache.append(step(0, 1, 2));
  cache.append(step(1, 2, 2));
  expect(cache.tokens).toBe(3);
  expect(rowsOf(cache, 'keys')).toEqual([0, 1, 100, 101, 200, 201]);
  expect(rowsOf(cache, 'values')).toEqual([-0, -1, -100, -101, -200, -201]);
});

it('takes its memory once', () => {
  const cache = new KeyValueCache(LAYOUT, 2);
  const { buffer } = cache.feeds().keys!.data;
  cache.append(step(0, 5, 2));
  expect(cache.feeds().keys!.data.buffer).toBe(buffer);
  expect(buffer.byteLength * 2).toBe(cache.bytes);
  expect(() => cache.append(step(5, 1, 2))).toThrow(RangeError);
});

it('goes back to an earlier token', () => {
  const cache = new KeyValueCache(LAYOUT, 1);
  cache.append(step(0, 3, 1));
  cache.rewind(1);
  cache.append(step(7, 1, 1));
  expect(rowsOf(cache, 'keys')).toEqual([0, 700]);
  cache.rewind(4);
  expect(cache.tokens).toBe(2);
});

it('gathers rows of others, and leaves those as they are', () => {
  const [a, b] = [new KeyValueCache(LAYOUT, 2), new KeyValueCache(LAYOUT, 1)];
  a.append(step(0, 3, 2));
  b.append(step(5, 2, 1));
  const rows = [
    { cache: a, row: 1 },
    { cache: b, row: 0 },
    { cache: a, row: 1 },
  ];
  const gathered = KeyValueCache.gathered(rows, 2);
  expect(rowsOf(gathered, 'keys')).toEqual([1, 500, 1, 101, 600, 101]);
  gathered.append(step(9, 1, 3));
  expect(rowsOf(a, 'keys')).toEqual([0, 1, 100, 101, 200, 201]);
});
