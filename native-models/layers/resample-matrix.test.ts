import { describe, expect, it } from 'vitest';
import { applySeparable, areaMatrix, bicubicMatrix } from './resample-matrix.ts';

const KINDS = { bicubic: bicubicMatrix, area: areaMatrix };
const upTo = (count: number) => Float32Array.from({ length: count }, (_, i) => i);

describe('applySeparable', () => {
  it('enlarges with bicubic weights as PyTorch does', () => {
    const y = applySeparable(
      bicubicMatrix(3, 5),
      upTo(9).map((value) => value + 1),
      3,
      5,
    );
    const firstRow = [0.61600035, 1.02800071, 1.71200037, 2.39600062, 2.8080008];
    for (const [i, value] of firstRow.entries()) expect(y[i]).toBeCloseTo(value, 5);
  });

  it('averages overlapping windows as PyTorch does', () => {
    const y = applySeparable(areaMatrix(16, 3), upTo(256), 16, 3);
    const expected = [42.5, 47.5, 52.5, 122.5, 127.5, 132.5, 202.5, 207.5, 212.5];
    for (const [i, value] of expected.entries()) expect(y[i]).toBeCloseTo(value, 4);
  });

  it('resamples each plane for itself', () => {
    const planes = Float32Array.of(1, 2, 3, 4, 10, 20, 30, 40);
    expect(applySeparable(areaMatrix(2, 1), planes, 2, 1)).toEqual(Float32Array.of(2.5, 25));
  });
});

describe.each(Object.entries(KINDS))('%sMatrix', (_, matrix) => {
  it.each([
    [16, 3],
    [3, 16],
    [1, 16],
    [16, 1],
    [13, 10],
    [32, 24],
  ])('%i → %i has rows of sum 1', (from, to) => {
    const weights = matrix(from, to);
    expect(weights).toHaveLength(from * to);
    for (let row = 0; row < to; row++) {
      const sum = weights.subarray(row * from, (row + 1) * from).reduce((total, weight) => total + weight, 0);
      expect(sum).toBeCloseTo(1, 6);
    }
  });

  it.each([1, 2, 16])('is the identity for the same size %i', (size) => {
    const identity = Float32Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));
    for (const [i, weight] of matrix(size, size).entries()) expect(weight).toBeCloseTo(identity[i]!, 7);
  });
});
