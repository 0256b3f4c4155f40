/**
 * Smooth values for the unknown pixels of a plane: the solution of Laplace's equation between the known ones, from coarse to
 * fine.
 */

/** Gauss–Seidel sweeps at each size, over-relaxed; what is left to do there is local, for the size above has the rest. */
const SWEEPS = 12;
const RELAXATION = 1.6;
/** Of pictures with more pixels the guess from half the size is smooth enough to need only few. */
const LARGE = 2 ** 16;
const SWEEPS_OF_LARGE = 2;

export interface FillOptions {
  /** Value where nothing at all is known. */
  readonly fallback: number;
  /**
   * Pixels after which a known value has faded to 1/e of itself: (Δ − 1/reach²)·u = 0. Without it, known values go on as
   * far as the hole does.
   */
  readonly reach?: number;
}

/**
 * A copy of the plane with the unknown pixels filled. Known pixels stay as they are; at the border of the picture the
 * values go on evenly (no flow across it).
 *
 * @param plane row-major, `width`·`height`
 * @param known 1 where a pixel is known, 0 where it is not
 */
export function fillHarmonic(
  plane: Float32Array,
  known: Uint8Array,
  width: number,
  height: number,
  { fallback, reach = Number.POSITIVE_INFINITY }: FillOptions,
): Float32Array {
  const level: Level = { values: plane.slice(), known, width, height };
  if (!known.includes(1)) return level.values.fill(fallback);
  if (known.includes(0)) solve(level, 1 / reach ** 2);
  return level.values;
}

interface Level {
  readonly values: Float32Array;
  readonly known: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Takes a first guess from the picture of half the size, and relaxes it. */
function solve(level: Level, screening: number): void {
  const { known, width, height } = level;
  if (width > 1 || height > 1) {
    const coarse = halved(level);
    if (coarse.known.includes(0)) solve(coarse, screening * 4);
    guessFrom(level, coarse);
  }
  const hole = holeOf(known);
  const sweeps = known.length > LARGE ? SWEEPS_OF_LARGE : SWEEPS;
  for (let sweep = 0; sweep < sweeps; sweep++) {
    relax(level, hole, screening, sweep % 2 === 1, sweep === sweeps - 1 ? 1 : RELAXATION);
  }
}

/** Each pixel is the mean of the known ones of up to four, and known if one of them is. */
function halved({ values, known, width, height }: Level): Level {
  const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  const sums = new Float32Array(half.width * half.height);
  const counts = new Uint8Array(sums.length);
  for (let y = 0, i = 0; y < height; y++) {
    const row = (y >> 1) * half.width;
    for (let x = 0; x < width; x++, i++) {
      if (!known[i]) continue;
      sums[row + (x >> 1)]! += values[i]!;
      counts[row + (x >> 1)]!++;
    }
  }
  for (let i = 0; i < sums.length; i++) if (counts[i]) sums[i]! /= counts[i]!;
  return { values: sums, known: counts.map((count) => (count > 0 ? 1 : 0)), ...half };
}

/** Bilinear, into the hole alone. */
function guessFrom({ values, known, width, height }: Level, coarse: Level): void {
  for (let y = 0, i = 0; y < height; y++) {
    const fromY = axisPlace(y, coarse.height);
    for (let x = 0; x < width; x++, i++) {
      if (known[i]) continue;
      const fromX = axisPlace(x, coarse.width);
      const upper = fromY.first * coarse.width;
      const lower = fromY.second * coarse.width;
      const top = mix(coarse.values[upper + fromX.first]!, coarse.values[upper + fromX.second]!, fromX.share);
      const bottom = mix(coarse.values[lower + fromX.first]!, coarse.values[lower + fromX.second]!, fromX.share);
      values[i] = mix(top, bottom, fromY.share);
    }
  }
}

function axisPlace(at: number, length: number): { first: number; second: number; share: number } {
  const place = Math.max(0, (at + 0.5) / 2 - 0.5);
  const first = Math.floor(place);
  return { first, second: Math.min(length - 1, first + 1), share: place - first };
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}

function holeOf(known: Uint8Array): Int32Array {
  const hole: number[] = [];
  for (let i = 0; i < known.length; i++) if (!known[i]) hole.push(i);
  return Int32Array.from(hole);
}

/** Every pixel of the hole comes nearer to the mean of its neighbours, there and back by turns. */
function relax(
  { values, width, height }: Level,
  hole: Int32Array,
  screening: number,
  backwards: boolean,
  factor: number,
): void {
  const last = (height - 1) * width;
  for (let step = 0; step < hole.length; step++) {
    const i = hole[backwards ? hole.length - 1 - step : step]!;
    const x = i % width;
    let sum = 0;
    let count = 0;
    if (x > 0) {
      sum += values[i - 1]!;
      count++;
    }
    if (x < width - 1) {
      sum += values[i + 1]!;
      count++;
    }
    if (i >= width) {
      sum += values[i - width]!;
      count++;
    }
    if (i < last) {
      sum += values[i + width]!;
      count++;
    }
    values[i]! += factor * (sum / (count + screening) - values[i]!);
  }
}
