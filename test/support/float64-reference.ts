/**
 * Layers as plain float64 loops, to compare graphs with.
 */
import { expect } from 'vitest';
import type { Floats } from './tiny-graph.ts';

/** A reference's result. */
export interface Doubles {
  readonly data: Float64Array;
  readonly shape: readonly number[];
}

/** (1, in, H, W) with (out, in, k, k): zeros around, so many at the top, left, bottom and right. */
export function convolve(
  x: Floats | Doubles,
  weight: Floats,
  bias: Floats | undefined,
  { stride = 1, pads = [1, 1, 1, 1] }: { stride?: number; pads?: readonly number[] } = {},
): Doubles {
  const [, inputs, height, width] = x.shape as [number, number, number, number];
  const [outputs, , side] = weight.shape as [number, number, number, number];
  const [top, left, bottom, right] = pads as [number, number, number, number];
  const rows = Math.floor((height + top + bottom - side) / stride) + 1;
  const columns = Math.floor((width + left + right - side) / stride) + 1;
  const data = new Float64Array(outputs * rows * columns);
  for (let i = 0; i < data.length; i++) {
    const [output, row, column] = [Math.floor(i / columns / rows), Math.floor(i / columns) % rows, i % columns];
    let sum = bias?.data[output] ?? 0;
    for (let tap = 0; tap < inputs * side * side; tap++) {
      const input = Math.floor(tap / side / side);
      const y = row * stride - top + (Math.floor(tap / side) % side);
      const x0 = column * stride - left + (tap % side);
      if (y < 0 || y >= height || x0 < 0 || x0 >= width) continue;
      sum += x.data[(input * height + y) * width + x0]! * weight.data[output * inputs * side * side + tap]!;
    }
    data[i] = sum;
  }
  return { data, shape: [1, outputs, rows, columns] };
}

/** Every pixel twice in each direction, (1, C, H, W) → (1, C, 2H, 2W). */
export function doubled({ data, shape }: Floats): Doubles {
  const [, channels, height, width] = shape as [number, number, number, number];
  const result = new Float64Array(channels * height * width * 4);
  for (let i = 0; i < result.length; i++) {
    const [plane, row] = [Math.floor(i / (4 * height * width)), Math.floor(i / (2 * width)) % (2 * height)];
    result[i] = data[(plane * height + (row >> 1)) * width + ((i % (2 * width)) >> 1)]!;
  }
  return { data: result, shape: [1, channels, 2 * height, 2 * width] };
}

/** x·Wᵀ + b over the last axis. */
export function applyLinear(x: Floats | Doubles, weight: Floats, bias?: Floats): Doubles {
  const [outputs, inputs] = weight.shape as [number, number];
  const rows = x.data.length / inputs;
  const data = Float64Array.from({ length: rows * outputs }, (_, i) => {
    const [row, output] = [Math.floor(i / outputs), i % outputs];
    let sum = bias?.data[output] ?? 0;
    for (let k = 0; k < inputs; k++) sum += x.data[row * inputs + k]! * weight.data[output * inputs + k]!;
    return sum;
  });
  return { data, shape: [...x.shape.slice(0, -1), outputs] };
}

/** Mean 0 and deviation 1 in each run of `length` neighbours. */
export function standardized(data: Float32Array, length: number, epsilon: number): Float64Array {
  const result = new Float64Array(data.length);
  for (let start = 0; start < data.length; start += length) {
    const run = Float64Array.from(data.subarray(start, start + length));
    const mean = run.reduce((sum, value) => sum + value, 0) / length;
    const variance = run.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length;
    for (let i = 0; i < length; i++) result[start + i] = (run[i]! - mean) / Math.sqrt(variance + epsilon);
  }
  return result;
}

/** Fails unless shapes are equal and no element differs by more than `tolerance`; NaN is a difference. */
export function expectNear(got: Floats, expected: Doubles, tolerance: number): void {
  expect(got.shape).toEqual(expected.shape);
  expect(got.data.length).toBe(expected.data.length);
  let largest = 0;
  for (const [i, value] of expected.data.entries()) {
    const gap = Math.abs(got.data[i]! - value);
    if (!(gap <= largest)) largest = Number.isNaN(gap) ? Number.POSITIVE_INFINITY : gap;
  }
  expect(largest).toBeLessThanOrEqual(tolerance);
}

/** Peak signal to noise ratio in decibels; the peak is the reference's range. */
export function psnr(got: Floats, expected: Doubles): number {
  expect(got.shape).toEqual(expected.shape);
  let [low, high, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const [i, value] of expected.data.entries()) {
    [low, high] = [Math.min(low, value), Math.max(high, value)];
    squares += (got.data[i]! - value) ** 2;
  }
  return 10 * Math.log10((high - low) ** 2 / (squares / expected.data.length));
}
