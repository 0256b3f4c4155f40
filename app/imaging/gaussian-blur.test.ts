import { describe, expect, it } from 'vitest';
import { gaussianBlur } from './gaussian-blur.ts';
import { randomBytes } from './testing/random-bytes.ts';

const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);

/** The convolution with a sampled Gaussian, written down as it is defined, mirrored at the borders. */
function trueGaussian(line: readonly number[], sigma: number): number[] {
  const reach = Math.ceil(6 * sigma);
  const offsets = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  const kernel = offsets.map((offset) => Math.exp(-(offset * offset) / (2 * sigma * sigma)));
  const total = kernel.reduce((a, b) => a + b);
  const mirrored = (x: number): number => {
    if (x < 0) return mirrored(-1 - x);
    return x < line.length ? (line[x] as number) : mirrored(2 * line.length - 1 - x);
  };
  return line.map((_, x) =>
    offsets.reduce((value, offset, i) => value + (mirrored(x + offset) * (kernel[i] as number)) / total, 0),
  );
}

describe('gaussianBlur', () => {
  it.each([1, 1.4, 2, 3.7, 10])('is near to a Gaussian of standard deviation %d', (sigma) => {
    const step = Array.from({ length: 120 }, (_, x) => (x < 60 ? 0 : 1));
    const blurred = gaussianBlur(Float32Array.from(step), 120, 1, sigma);
    const worst = Math.max(...trueGaussian(step, sigma).map((value, x) => Math.abs(value - (blurred[x] as number))));
    expect(worst).toBeLessThan(0.012);
  });

  it.each([0.3, 1, 2.5, 8])('has the variance asked for: %d', (sigma) => {
    const point = new Float32Array(101);
    point[50] = 1;
    const blurred = gaussianBlur(point, 101, 1, sigma);
    const variance = blurred.reduce((total, value, x) => total + value * (x - 50) ** 2, 0);
    expect(variance).toBeCloseTo(sigma * sigma, 4);
  });

  it.each([0.5, 3, 40, 1e9])('keeps the sum, however wide: %d', (sigma) => {
    const plane = Float32Array.from(randomBytes(17 * 29, 5));
    const blurred = gaussianBlur(plane, 17, 29, sigma);
    expect(sum(blurred) / sum(plane)).toBeCloseTo(1, 6);
  });

  it('comes to the mean in the end', () => {
    const plane = Float32Array.from(randomBytes(17 * 29, 6));
    const mean = sum(plane) / plane.length;
    for (const value of gaussianBlur(plane, 17, 29, 1e9)) expect(value).toBeCloseTo(mean, 3);
  });

  it('treats both axes alike', () => {
    const plane = Float32Array.from(randomBytes(12 * 9, 7));
    const turned = Float32Array.from(plane, (_, i) => plane[(i % 9) * 12 + Math.floor(i / 9)] as number);
    const blurred = gaussianBlur(plane, 12, 9, 1.5);
    for (const [i, value] of gaussianBlur(turned, 9, 12, 1.5).entries()) {
      expect(value).toBeCloseTo(blurred[(i % 9) * 12 + Math.floor(i / 9)] as number, 3);
    }
  });

  it('copies without a width', () => {
    const plane = Float32Array.of(1, 2, 3, 4);
    const copy = gaussianBlur(plane, 2, 2, 0);
    expect(copy).toEqual(plane);
    expect(copy).not.toBe(plane);
  });
});
