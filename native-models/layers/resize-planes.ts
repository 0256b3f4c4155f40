/**
 * Planes in another size, as PyTorch's `interpolate` on the CPU resizes them: control maps for their encoder, latents for the scales of
 * Infinity.
 */
import { cubicWeight } from './resample-matrix.ts';

export interface PlaneSize {
  readonly width: number;
  readonly height: number;
}

/**
 * `nearest`: the pixel at or before the position; `bilinear`: half-pixel centres, no antialiasing when it shrinks either; `bicubic`:
 * a = −0.75, corners on corners (`align_corners=True`); `area`: the mean of all pixels that a resized one touches.
 */
export type PlaneResizing = 'nearest' | 'bilinear' | 'bicubic' | 'area';

/** Which source pixels make each pixel along an axis, and their weights: (to, taps) each. */
interface AxisTaps {
  readonly taps: number;
  readonly pixels: Int32Array;
  readonly weights: Float64Array;
}

/** @param planes (n, H, W) → (n, H', W') */
export function resizePlanes(planes: Float32Array, from: PlaneSize, to: PlaneSize, mode: PlaneResizing): Float32Array {
  const axis = AXES[mode];
  const [across, down] = [axis(from.width, to.width), axis(from.height, to.height)];
  const count = planes.length / (from.width * from.height);
  const result = new Float32Array(count * to.width * to.height);
  const narrowed = new Float64Array(from.height * to.width);
  for (let plane = 0; plane < count; plane++) {
    const start = plane * from.width * from.height;
    for (let y = 0; y < from.height; y++) {
      for (let x = 0; x < to.width; x++) {
        narrowed[y * to.width + x] = sumTaps(across, x, planes, start + y * from.width, 1);
      }
    }
    for (let y = 0; y < to.height; y++) {
      for (let x = 0; x < to.width; x++) {
        result[(plane * to.height + y) * to.width + x] = sumTaps(down, y, narrowed, x, to.width);
      }
    }
  }
  return result;
}

function sumTaps(
  axis: AxisTaps,
  i: number,
  values: Float32Array | Float64Array,
  start: number,
  stride: number,
): number {
  const { taps, pixels, weights } = axis;
  let sum = 0;
  for (let tap = i * taps; tap < (i + 1) * taps; tap++) sum += weights[tap]! * values[start + pixels[tap]! * stride]!;
  return sum;
}

/** The position is computed in float32. */
function nearestTaps(from: number, to: number): AxisTaps {
  const ratio = Math.fround(from / to);
  const pixels = Int32Array.from({ length: to }, (_, i) => Math.min(Math.floor(Math.fround(i * ratio)), from - 1));
  return { taps: 1, pixels, weights: new Float64Array(to).fill(1) };
}

function bicubicTaps(from: number, to: number): AxisTaps {
  const ratio = to > 1 ? (from - 1) / (to - 1) : 0;
  const [pixels, weights] = [new Int32Array(to * 4), new Float64Array(to * 4)];
  for (let i = 0; i < to; i++) {
    const position = i * ratio;
    const first = Math.floor(position);
    for (let tap = 0; tap < 4; tap++) {
      pixels[i * 4 + tap] = Math.max(0, Math.min(from - 1, first + tap - 1));
      weights[i * 4 + tap] = cubicWeight(Math.abs(position - first - tap + 1));
    }
  }
  return { taps: 4, pixels, weights };
}

/** Positions before the first pixel or beyond the last count as those. */
function bilinearTaps(from: number, to: number): AxisTaps {
  const [pixels, weights] = [new Int32Array(to * 2), new Float64Array(to * 2)];
  for (let i = 0; i < to; i++) {
    const position = Math.max(0, ((i + 0.5) * from) / to - 0.5);
    const first = Math.min(Math.floor(position), from - 1);
    const share = position - first;
    pixels.set([first, Math.min(first + 1, from - 1)], i * 2);
    weights.set([1 - share, share], i * 2);
  }
  return { taps: 2, pixels, weights };
}

/** Windows overlap where `to` does not divide `from`; what a shorter window has no pixel for weighs nothing. */
function areaTaps(from: number, to: number): AxisTaps {
  const taps = Math.min(from, Math.ceil(from / to) + 1);
  const [pixels, weights] = [new Int32Array(to * taps), new Float64Array(to * taps)];
  for (let i = 0; i < to; i++) {
    const first = Math.floor((i * from) / to);
    const count = Math.ceil(((i + 1) * from) / to) - first;
    for (let tap = 0; tap < count; tap++) {
      pixels[i * taps + tap] = first + tap;
      weights[i * taps + tap] = 1 / count;
    }
  }
  return { taps, pixels, weights };
}

const AXES: Readonly<Record<PlaneResizing, (from: number, to: number) => AxisTaps>> = {
  nearest: nearestTaps,
  bilinear: bilinearTaps,
  bicubic: bicubicTaps,
  area: areaTaps,
};
