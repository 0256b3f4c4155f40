/**
 * In-painting, out-painting and class-conditional editing by forcing tokens.
 * Source: FoundationVision/VAR `demo_zero_shot_edit.ipynb` (commit 78b9539).
 */
import { applySeparable, bilinearMatrix } from '../layers/resample-matrix.ts';
import type { ScalePyramid } from '../vq/scales.ts';

/** Scales of up to this many tokens are kept whole. */
const ALWAYS_KEPT_TOKENS = 3;

/**
 * Which tokens of each scale a mask at the latent's size keeps: bilinear resize, then > 0.5; the 1×1 scale always.
 *
 * @param mask (P, P), 1 keeps and 0 generates
 * @returns (tokens), scales concatenated
 */
export function keptTokens(mask: ArrayLike<number>, { patchNums, offsets }: ScalePyramid): Uint8Array {
  const size = patchNums.at(-1) as number;
  const plane = Float32Array.from(mask);
  const kept = new Uint8Array(offsets.at(-1) as number);
  for (const [scale, side] of patchNums.entries()) {
    const resized = applySeparable(bilinearMatrix(size, side), plane, size, side);
    const whole = side * side <= ALWAYS_KEPT_TOKENS;
    kept.set(
      resized.map((value) => (whole || value > 0.5 ? 1 : 0)),
      offsets[scale],
    );
  }
  return kept;
}

/** The mask of a box in relative coordinates: 1 outside it for in-painting, 1 inside it for out-painting. */
export function boxMask(box: readonly [number, number, number, number], size: number, inpainting: boolean): Uint8Array {
  const [top, left, bottom, right] = box.map((edge) => roundHalfToEven(edge * size)) as [
    number,
    number,
    number,
    number,
  ];
  return Uint8Array.from({ length: size * size }, (_, pixel) => {
    const [row, column] = [Math.floor(pixel / size), pixel % size];
    const inside = row >= top && row < bottom && column >= left && column < right;
    return inside === inpainting ? 0 : 1;
  });
}

/** Python's `round`. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
