import { expect, it } from 'vitest';
import { pickPixels } from './pick-pixels.ts';

const row = (...values: number[]) => ({
  width: values.length,
  height: 1,
  data: Uint8Array.from(values.flatMap((value) => [value, value, value])),
});

it.each([
  [1, [30]],
  [2, [20, 40]],
  [3, [10, 30, 50]],
  [10, [10, 10, 20, 20, 30, 30, 40, 40, 50, 50]],
])('takes the pixels in the middle: %d of 5', (width, expected) => {
  expect(pickPixels(row(10, 20, 30, 40, 50), width, 1)).toEqual(row(...expected));
});

it.each([1, 1.5, 2, 3.5])('gives back what was enlarged %d times', (factor) => {
  const data = Uint8Array.from({ length: 8 * 6 * 3 }, (_, i) => (i * 37) % 256);
  const image = { width: 8, height: 6, data };
  expect(pickPixels(pickPixels(image, 8 * factor, 6 * factor), 8, 6)).toEqual(image);
});
