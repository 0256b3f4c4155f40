/**
 * Where a model paints in the frame: what masks cover, what is selected, or what is empty.
 */
import type { PaintingDocument, Rect } from '../../app/document/document.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import type { Mask } from '../../app/imaging/mask.ts';
import { invertMask } from '../../app/imaging/mask-operations.ts';
import { resizeRgb } from '../../app/imaging/resample.ts';
import { matchSeamless } from '../../app/imaging/seamless.ts';
import { createBitmap, rgbaToBitmap } from './bitmap.ts';
import type { PaintingCanvas } from './painting-canvas.ts';

/** Undefined when nothing in the frame is masked: models then paint all of it. */
export function maskCover(painting: PaintingCanvas, { layers }: PaintingDocument, frame: Rect): Mask | undefined {
  const masks = layers.filter(
    ({ kind, visible, tiles }) => kind === 'mask' && visible && Object.keys(tiles).length > 0,
  );
  if (masks.length === 0) return undefined;
  const { canvas, context } = createBitmap(frame.width, frame.height);
  for (const { id } of masks) {
    const surface = painting.surface(id);
    if (surface) context.drawImage(surface.bitmap.canvas, -frame.x, -frame.y);
  }
  return coverIfAny(coverOf(canvas));
}

/** What is selected in the frame; undefined when nothing is. */
export function selectionCover(painting: PaintingCanvas, frame: Rect): Mask | undefined {
  const selection = painting.selectionMask();
  if (!selection) return undefined;
  const { canvas, context } = createBitmap(frame.width, frame.height);
  context.drawImage(selection, -frame.x, -frame.y);
  return coverIfAny(coverOf(canvas));
}

/** What is empty in the frame, over all layers that are seen; undefined when nothing is. */
export function emptyCover(painting: PaintingCanvas, frame: Rect): Mask | undefined {
  const { canvas, context } = createBitmap(frame.width, frame.height);
  context.drawImage(painting.compositor.picture().canvas, -frame.x, -frame.y);
  return coverIfAny(invertMask(coverOf(canvas)));
}

function coverIfAny(cover: Mask): Mask | undefined {
  return cover.data.some((value) => value > 0) ? cover : undefined;
}

/** The alpha of a canvas. */
export function coverOf(canvas: OffscreenCanvas): Mask {
  const { width, height } = canvas;
  const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
  return { width, height, data: Uint8Array.from({ length: width * height }, (_, i) => pixels[i * 4 + 3] as number) };
}

/** A picture where something is covered, in any size; clear elsewhere. */
export function cutOut(image: OffscreenCanvas, cover: Mask): OffscreenCanvas {
  const { width, height, data } = cover;
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < data.length; i++) pixels[i * 4 + 3] = data[i] ? 255 : 0;
  const { canvas, context } = rgbaToBitmap(width, height, pixels);
  context.globalCompositeOperation = 'source-in';
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, width, height);
  return canvas;
}

/**
 * The covered part of a picture over what lies under it: its colours meet the surroundings along the border, and where
 * nothing is covered it is clear.
 */
export function patchOver(under: RgbImage, image: RgbImage, cover: Mask): OffscreenCanvas {
  const { width, height } = cover;
  const matched = matchSeamless(under, resizeRgb(image, width, height), cover);
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < cover.data.length; i++) {
    pixels.set(matched.data.subarray(i * 3, i * 3 + 3), i * 4);
    pixels[i * 4 + 3] = cover.data[i] as number;
  }
  return rgbaToBitmap(width, height, pixels).canvas;
}
