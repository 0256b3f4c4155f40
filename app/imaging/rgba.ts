/**
 * Pictures with transparency.
 */
import type { RgbImage } from '../generation/pipeline-event.ts';

/** 8-bit RGBA, row-major, 4 bytes a pixel, not premultiplied. */
export interface RgbaImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray | Uint8Array;
}

/** The colours alone, whatever their alpha. */
export function withoutAlpha({ width, height, data }: RgbaImage): RgbImage {
  const colors = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < colors.length; from += 4, to += 3) colors.set(data.subarray(from, from + 3), to);
  return { width, height, data: colors };
}
