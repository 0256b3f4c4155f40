import { expect, it } from 'vitest';
import { distanceBuckets } from './distance-buckets.ts';

/** Of transformers 5.18, `T5Attention._relative_position_bucket`, both ways, 32 buckets, 128 positions. */
const BUCKETS: readonly (readonly [distance: number, bucket: number])[] = [
  [0, 0],
  [-1, 1],
  [1, 17],
  [-7, 7],
  [-8, 8],
  [8, 24],
  [-11, 8],
  [-12, 9],
  [-16, 10],
  [-22, 10],
  [-23, 11],
  [31, 27],
  [-32, 12],
  [-45, 12],
  [-46, 13],
  [64, 30],
  [-90, 14],
  [-91, 15],
  [127, 31],
  [-300, 15],
];

it.each(BUCKETS)('a distance of %i is in bucket %i', (distance, bucket) => {
  const length = 301;
  const [from, to] = distance < 0 ? [300, 300 + distance] : [0, distance];
  expect(distanceBuckets(length, 32)[from * length + to]).toBe(bucket);
});
