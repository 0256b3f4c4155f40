import { expect, it } from 'vitest';
import { linspace } from './linspace.ts';

/** From PyTorch 2.13: start, end, count, place, value. */
const TORCH: readonly (readonly [number, number, number, number, number])[] = [
  [1, 0.3, 12, 1, 0.9363636363636364],
  [1, 0.3, 12, 11, 0.3],
  [1, 0.3, 29, 7, 0.8250000000000001],
  [1, 0.3, 29, 11, 0.725],
  [1, 0.3, 29, 28, 0.3],
  [1, 0.04, 40, 13, 0.68],
  [1, 0.04, 40, 14, 0.6553846153846153],
  [1, 0.04, 40, 39, 0.04],
  [0.25, 0, 13, 1, 0.22916666666666666],
  [0.25, 0, 13, 12, 0],
  [1, 0, 51, 9, 0.82],
  [1, 0, 51, 17, 0.66],
  [1, 0, 51, 50, 0],
  [1, 0.04, 50, 11, 0.7844897959183673],
  [1, 0.04, 50, 21, 0.5885714285714286],
  [1, 0.04, 50, 49, 0.04],
];

it.each(TORCH)('from %d to %d, %i numbers: number %i is %d', (start, end, count, place, value) => {
  expect(linspace(start, end, count)[place]).toBe(value);
});

it('is its start when it is one number', () => {
  expect(linspace(1, 0.3, 1)).toEqual([1]);
  expect(linspace(1, 0.3, 0)).toEqual([]);
});
