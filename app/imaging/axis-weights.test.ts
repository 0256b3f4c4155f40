import { describe, expect, it } from 'vitest';
import { axisWeights } from './axis-weights.ts';

/** The weights as a full matrix (resized, length). */
function matrix(length: number, resized: number): number[][] {
  const { taps, first, count, weights } = axisWeights(length, resized);
  return Array.from({ length: resized }, (_, i) => {
    const row = Array<number>(length).fill(0);
    for (let k = 0; k < (count[i] as number); k++) row[(first[i] as number) + k] = weights[i * taps + k] as number;
    expect(row).toHaveLength(length);
    return row;
  });
}

/** What the resized line is for f(x) at pixel centres, and f at the centres of the resized pixels. */
function compare(length: number, resized: number, f: (x: number) => number): [number, number][] {
  return matrix(length, resized).map((row, i) => [
    row.reduce((sum, weight, x) => sum + weight * f(x + 0.5), 0),
    f(((i + 0.5) * length) / resized),
  ]);
}

describe('axisWeights', () => {
  it.each([
    [1, 1],
    [1, 7],
    [2, 9],
    [3, 4],
    [100, 33],
    [7, 7],
    [49, 1],
    [1000, 999],
  ])('sum to 1: %d → %d', (length, resized) => {
    for (const row of matrix(length, resized)) expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  });

  it('average exactly what a pixel covers', () => {
    expect(matrix(6, 2)).toEqual([
      [1 / 3, 1 / 3, 1 / 3, 0, 0, 0],
      [0, 0, 0, 1 / 3, 1 / 3, 1 / 3],
    ]);
    const [left, right] = matrix(3, 2) as [number[], number[]];
    for (const [i, weight] of [2 / 3, 1 / 3, 0].entries()) {
      expect(left[i]).toBeCloseTo(weight, 12);
      expect(right[2 - i]).toBeCloseTo(weight, 12);
    }
  });

  it('are an identity at the same size', () => {
    expect(matrix(3, 3)).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
  });

  it.each([20, 31, 45])('keep parabolas when they enlarge 10 to %d, away from the ends', (resized) => {
    for (const [value, expected] of compare(10, resized, (x) => 3 * x * x - 2 * x + 1).slice(10, -10)) {
      expect(value).toBeCloseTo(expected, 9);
    }
  });

  it('are those of Catmull and Rom', () => {
    // Twice as long: the centres lie a quarter of a pixel beside the old ones.
    const row = matrix(8, 16)[7] as number[];
    expect(row.map((weight) => weight * 128)).toEqual([0, 0, -9, 111, 29, -3, 0, 0]);
  });

  it('repeat the end', () => {
    const rows = matrix(4, 8).map((row) => row.map((weight) => weight * 128));
    expect(rows[0]).toEqual([137, -9, 0, 0]);
    expect(rows[7]).toEqual([0, 0, -9, 137]);
  });
});
