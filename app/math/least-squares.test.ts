import { expect, it } from 'vitest';
import { leastSquares } from './least-squares.ts';

/** Numbers without a pattern, in [−1, 1]. */
const noise = (count: number) => Float64Array.from({ length: count }, (_, i) => Math.sin((i + 1) ** 2 * 1.7));

it('finds the matrix that made the targets', () => {
  const matrix = Float64Array.of(1, -2, 0.5, 3, 4, -1, 0, 7, 2, 2, -3, 0.25); // (4, 3)
  const x = noise(20 * 4);
  const y = new Float64Array(20 * 3);
  for (let i = 0; i < y.length; i++) {
    for (let k = 0; k < 4; k++) y[i]! += x[Math.floor(i / 3) * 4 + k]! * matrix[k * 3 + (i % 3)]!;
  }
  const found = leastSquares(x, y, 20, 1e-12);
  expect(found).toHaveLength(12);
  for (const [i, value] of found.entries()) expect(value).toBeCloseTo(matrix[i]!, 8);
});

it('fits the mean when a constant is all that it has', () => {
  const found = leastSquares(Float64Array.of(1, 1, 1, 1), Float64Array.of(1, 2, 3, 6), 4, 1e-12);
  expect(found[0]).toBeCloseTo(3, 9);
});

it('shrinks towards zero with the ridge', () => {
  expect(leastSquares(Float64Array.of(1, 1), Float64Array.of(4, 4), 2, 2)[0]).toBeCloseTo(2, 12);
});

it('finds a solution when columns depend on each other', () => {
  const found = leastSquares(Float64Array.of(1, 1, 2, 2, 3, 3), Float64Array.of(2, 4, 6), 3, 1e-6);
  for (const value of found) expect(value).toBeCloseTo(1, 5);
});
