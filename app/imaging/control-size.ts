/**
 * Control maps in the size of a picture.
 */
import type { RgbImage } from '../generation/pipeline-event.ts';
import type { MapKind } from '../generation/request.ts';
import { overBlack } from './over-black.ts';
import { pickPixels } from './pick-pixels.ts';
import { resizeRgb } from './resample.ts';
import type { RgbaImage } from './rgba.ts';

/** The map on black, averaged; the colours of a segmentation are names, so they are picked. */
export function controlAtSize(map: RgbaImage, kind: MapKind, width: number, height: number): RgbImage {
  const flat = overBlack(map);
  if (flat.width === width && flat.height === height) return flat;
  return kind === 'segmentation' ? pickPixels(flat, width, height) : resizeRgb(flat, width, height);
}
