/**
 * Pictures as canvases, made once for each.
 */
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import { rgbToBitmap } from './bitmap.ts';

const canvases = new WeakMap<RgbImage, OffscreenCanvas>();

export function canvasOf(image: RgbImage): OffscreenCanvas {
  const known = canvases.get(image);
  if (known) return known;
  const { canvas } = rgbToBitmap(image);
  canvases.set(image, canvas);
  return canvas;
}
