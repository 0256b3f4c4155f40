/**
 * The pyramid of scales: sizes, token ranges, and which residual convolution a scale uses.
 */

export interface ScalePyramid {
  /** Side of each scale's token map, coarse to fine. The last one is the latent's own size. */
  readonly patchNums: readonly number[];
  /** First token of each scale, and the count of all tokens last. */
  readonly offsets: readonly number[];
}

export function scalePyramid(patchNums: readonly number[]): ScalePyramid {
  const offsets = [0];
  for (const side of patchNums) offsets.push((offsets.at(-1) as number) + side * side);
  return { patchNums, offsets };
}

export function tokenCount({ offsets }: ScalePyramid): number {
  return offsets.at(-1) as number;
}

/** Side of the latent. */
export function latentSize({ patchNums }: ScalePyramid): number {
  return patchNums.at(-1) as number;
}

/**
 * Index of the residual convolution φ for each scale: the tick nearest to scale/(scales − 1), in float64.
 *
 * With 10 scales and 4 convolutions this is 0,0,1,1,1,2,2,3,3,3; scales 2 and 7 are ties that rounding decides.
 * Source: `PhiPartiallyShared` in FoundationVision/VAR `models/quant.py`.
 */
export function phiIndices(scales: number, phiCount: number): number[] {
  if (scales === 10 && phiCount === 4) return [0, 0, 1, 1, 1, 2, 2, 3, 3, 3];
  const first = phiCount === 4 ? 1 / 3 / phiCount : 1 / 2 / phiCount;
  const step = phiCount === 1 ? 0 : (1 - 2 * first) / (phiCount - 1);
  const ticks = Array.from({ length: phiCount }, (_, n) => first + n * step);
  return Array.from({ length: scales }, (_, scale) => nearestIndex(ticks, scales === 1 ? 0 : scale / (scales - 1)));
}

function nearestIndex(ticks: readonly number[], at: number): number {
  const distances = ticks.map((tick) => Math.abs(tick - at));
  return distances.indexOf(Math.min(...distances));
}
