import { expect, it } from 'vitest';
import { type PlaneResizing, resizePlanes } from './resize-planes.ts';

/** A line of numbers, resized; the values are those of PyTorch 2.13. */
const line = (mode: PlaneResizing, to: number, ...values: number[]) => [
  ...resizePlanes(Float32Array.from(values), { width: values.length, height: 1 }, { width: to, height: 1 }, mode),
];

it.each([
  ['bilinear', 4, [0, 8], [0, 2, 6, 8]],
  ['bilinear', 2, [0, 8, 16, 24], [4, 20]],
  ['bilinear', 2, [0, 8, 16], [2, 14]],
  ['bilinear', 3, [5], [5, 5, 5]],
  ['bilinear', 3, [0, 9, 3], [0, 9, 3]],
  ['area', 3, [0, 6, 12, 18, 24], [3, 12, 21]],
  ['area', 2, [0, 6, 12, 18, 24], [6, 18]],
  ['area', 2, [0, 2, 4, 6], [1, 5]],
  ['area', 4, [1, 3], [1, 1, 3, 3]],
  ['nearest', 3, [0, 1, 2, 3, 4, 5], [0, 2, 4]],
] as const)('%s to %d', (mode, to, values, expected) => {
  expect(line(mode, to, ...values)).toEqual(expected);
});

it('resizes rows and columns of each plane', () => {
  const planes = Float32Array.of(0, 2, 4, 6, 10, 10, 10, 10);
  const resized = resizePlanes(planes, { width: 2, height: 2 }, { width: 4, height: 1 }, 'bilinear');
  expect([...resized]).toEqual([2, 2.5, 3.5, 4, 10, 10, 10, 10]);
});
