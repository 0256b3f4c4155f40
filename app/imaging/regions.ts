/**
 * Parts of pictures and masks. A part may reach beyond the picture.
 */
import type { Rect } from '../document/document.ts';
import type { RgbImage } from '../generation/pipeline-event.ts';
import type { Mask } from './mask.ts';

/** The pixels of a rectangle of whole pixels; black beyond the picture. */
export function cropRgb(image: RgbImage, rect: Rect): RgbImage {
  const { width, height } = rect;
  const data = new Uint8Array(width * height * 3);
  copyRows(image, { width, height, data }, { x: -rect.x, y: -rect.y }, 3);
  return { width, height, data };
}

/** The cover of a rectangle of whole pixels; `beyond` outside of the mask. */
export function cropMask(mask: Mask, rect: Rect, beyond: number): Mask {
  const { width, height } = rect;
  const data = new Uint8Array(width * height).fill(beyond);
  copyRows(mask, { width, height, data }, { x: -rect.x, y: -rect.y }, 1);
  return { width, height, data };
}

/** Writes a picture over another one, at a place in whole pixels; what lies beyond is left out. */
export function pasteRgb(target: RgbImage, image: RgbImage, at: { readonly x: number; readonly y: number }): void {
  copyRows(image, target, at, 3);
}

/** Sets a rectangle of a mask to one value. */
export function fillMask(mask: Mask, rect: Rect, value: number): void {
  const left = Math.max(0, rect.x);
  const right = Math.min(mask.width, rect.x + rect.width);
  for (let y = Math.max(0, rect.y); y < Math.min(mask.height, rect.y + rect.height); y++) {
    if (right > left) mask.data.fill(value, y * mask.width + left, y * mask.width + right);
  }
}

/** The smallest rectangle that holds all of a mask's cover; empty for an empty mask. */
export function boundsOf({ width, height, data }: Mask): Rect {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (!data[i]) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = y + 1;
    }
  }
  return { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Copies what of `from`, put at `at`, lies in `to`. */
function copyRows(from: Plane, to: Plane, at: { readonly x: number; readonly y: number }, channels: number): void {
  const left = Math.max(0, at.x);
  const right = Math.min(to.width, at.x + from.width);
  if (right <= left) return;
  for (let y = Math.max(0, at.y); y < Math.min(to.height, at.y + from.height); y++) {
    const start = ((y - at.y) * from.width + left - at.x) * channels;
    const row = from.data.subarray(start, start + (right - left) * channels);
    to.data.set(row, (y * to.width + left) * channels);
  }
}
