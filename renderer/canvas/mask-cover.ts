/**
 * Where the artist's masks let a model paint: the cover of all mask layers that are seen, in the frame.
 */
import type { PaintingDocument, Rect } from '../../app/document/document.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import type { Mask } from '../../app/imaging/mask.ts';
import { createBitmap } from './bitmap.ts';
import type { PaintingCanvas } from './painting-canvas.ts';
import { canvasOf } from './picture-canvas.ts';

/** Share of the frame's side over which a picture fades out at the mask's edge. */
const FEATHER = 1 / 64;

/** Undefined when nothing in the frame is masked: models then paint all of it. */
export function maskCover(
  painting: PaintingCanvas,
  { layers }: PaintingDocument,
  frame: Rect,
): OffscreenCanvas | undefined {
  const masks = layers.filter(
    ({ kind, visible, tiles }) => kind === 'mask' && visible && Object.keys(tiles).length > 0,
  );
  if (masks.length === 0) return undefined;
  const { canvas, context } = createBitmap(frame.width, frame.height);
  for (const { id } of masks) {
    const surface = painting.surface(id);
    if (surface) context.drawImage(surface.bitmap.canvas, -frame.x, -frame.y);
  }
  return coverOf(canvas).data.some((cover) => cover > 0) ? canvas : undefined;
}

/** The alpha of a canvas. */
export function coverOf(canvas: OffscreenCanvas): Mask {
  const { width, height } = canvas;
  const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
  return { width, height, data: Uint8Array.from({ length: width * height }, (_, i) => pixels[i * 4 + 3] as number) };
}

/** A picture brought to the cover's size and cut to it. The edge fades inwards: nothing outside of the mask changes. */
export function cutToCover(image: RgbImage, cover: OffscreenCanvas): OffscreenCanvas {
  const { width, height } = cover;
  const { canvas, context } = createBitmap(width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(canvasOf(image), 0, 0, width, height);
  context.globalCompositeOperation = 'destination-in';
  context.drawImage(cover, 0, 0);
  context.filter = `blur(${Math.max(1, width * FEATHER)}px)`;
  context.drawImage(cover, 0, 0);
  context.filter = 'none';
  return canvas;
}
