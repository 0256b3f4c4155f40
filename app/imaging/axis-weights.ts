/**
 * Which pixels of a line, and how much of each, make up every pixel of the resized line.
 */

export interface AxisWeights {
  /** The most pixels that one resized pixel is made of; row length of `weights`. */
  readonly taps: number;
  /** Of each resized pixel: the first pixel that it is made of. */
  readonly first: Int32Array;
  /** Of each resized pixel: how many follow one another from there, 1 … `taps`. */
  readonly count: Int32Array;
  /** (resized length, taps); the `count` first of a row sum to 1. */
  readonly weights: Float64Array;
}

/** Area averages where the line gets shorter, Catmull-Rom where it gets longer. Both lengths at least 1. */
export function axisWeights(length: number, resized: number): AxisWeights {
  return resized <= length ? areaWeights(length, resized) : cubicWeights(length, resized);
}

/** The exact mean of what a resized pixel covers. */
function areaWeights(length: number, resized: number): AxisWeights {
  const axis = createAxis(resized, Math.ceil(length / resized) + 1);
  for (let i = 0; i < resized; i++) {
    const from = (i * length) / resized;
    const to = ((i + 1) * length) / resized;
    const first = Math.floor(from);
    const count = Math.ceil(to) - first;
    axis.first[i] = first;
    axis.count[i] = count;
    for (let k = 0; k < count; k++) {
      const covered = Math.min(to, first + k + 1) - Math.max(from, first + k);
      axis.weights[i * axis.taps + k] = covered / (to - from);
    }
  }
  return axis;
}

/** The cubic convolution of Keys, 1981, with a = −½; the pixels at both ends go on beyond them. */
function cubicWeights(length: number, resized: number): AxisWeights {
  const axis = createAxis(resized, 4);
  const clamp = (pixel: number) => Math.min(length - 1, Math.max(0, pixel));
  for (let i = 0; i < resized; i++) {
    const center = ((i + 0.5) * length) / resized - 0.5;
    const before = Math.floor(center);
    const first = clamp(before - 1);
    axis.first[i] = first;
    axis.count[i] = clamp(before + 2) - first + 1;
    for (let pixel = before - 1; pixel <= before + 2; pixel++) {
      axis.weights[i * axis.taps + clamp(pixel) - first]! += catmullRom(Math.abs(center - pixel));
    }
  }
  return axis;
}

/** @param distance in pixels, 0 … 2 */
function catmullRom(distance: number): number {
  if (distance < 1) return (1.5 * distance - 2.5) * distance * distance + 1;
  return ((2.5 - 0.5 * distance) * distance - 4) * distance + 2;
}

function createAxis(resized: number, taps: number): AxisWeights {
  return {
    taps,
    first: new Int32Array(resized),
    count: new Int32Array(resized),
    weights: new Float64Array(resized * taps),
  };
}
