/**
 * The picture that is edited, as the model sees it, and back.
 * Source: `transform` in HiDream-ai/VAREdit `infer.py` (commit 2ca737c), whose resampling is Lanczos'.
 */
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import { cropRgb, pasteRgb } from '../../app/imaging/regions.ts';
import { resizeRgb } from '../../app/imaging/resample.ts';

const WHITE = 255;

/** In the top left corner of a white square, of `side` pixels a side. */
export function squareSource(image: RgbImage, side: number): RgbImage {
  const longest = Math.max(image.width, image.height);
  if (image.width === image.height) return resized(image, side);
  const square = {
    width: longest,
    height: longest,
    data: new Uint8Array(longest * longest * 3).fill(WHITE),
  };
  pasteRgb(square, image, { x: 0, y: 0 });
  return resized(square, side);
}

/** The part of an edited square that the picture was in, in the picture's size. */
export function unsquared(square: RgbImage, { width, height }: Pick<RgbImage, 'width' | 'height'>): RgbImage {
  const whole = resized(square, Math.max(width, height));
  return width === height ? whole : cropRgb(whole, { x: 0, y: 0, width, height });
}

function resized(image: RgbImage, side: number): RgbImage {
  return image.width === side && image.height === side ? image : resizeRgb(image, side, side);
}
