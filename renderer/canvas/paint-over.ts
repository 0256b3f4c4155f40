/**
 * How new pixels meet those of a layer: painted over it or rubbed out of it, inside of the selection, with its transparency
 * locked or not. The same drawing shows a stroke while it is made and keeps it when it is done.
 */
import type { Rect } from '../../app/document/document.ts';
import { type Bitmap, type Context, createBitmap } from './bitmap.ts';
import type { LayerEffect } from './compositor.ts';

export interface PaintOver {
  readonly layer: string;
  /** The new pixels, a canvas of the painting's size. */
  readonly pixels: Bitmap;
  readonly opacity: number;
  readonly erase: boolean;
  readonly alphaLocked: boolean;
  /** Cover of the selection, a canvas of the painting's size; undefined for everything. */
  readonly selection: OffscreenCanvas | undefined;
}

/** Shows new pixels over a layer without changing it. */
export function paintOverEffect(over: PaintOver): LayerEffect {
  const clipped = createBitmap(1, 1);
  return {
    layer: over.layer,
    paint(context, surface, area) {
      const { x, y, width, height } = area;
      context.drawImage(surface, x, y, width, height, 0, 0, width, height);
      drawOver(context, over, area, clipped);
    },
  };
}

/** Paints new pixels into a layer's canvas. */
export function applyPaintOver(surface: Context, over: PaintOver, area: Rect): void {
  const { x, y, width, height } = area;
  surface.save();
  surface.translate(x, y);
  surface.beginPath();
  surface.rect(0, 0, width, height);
  surface.clip();
  drawOver(surface, over, area, createBitmap(1, 1));
  surface.restore();
}

function drawOver(context: Context, over: PaintOver, area: Rect, scratch: Bitmap): void {
  const { x, y, width, height } = area;
  const source = over.selection ? clippedTo(over.selection, over.pixels.canvas, area, scratch) : undefined;
  context.globalAlpha = over.opacity;
  context.globalCompositeOperation = over.erase ? 'destination-out' : over.alphaLocked ? 'source-atop' : 'source-over';
  if (source) context.drawImage(source, 0, 0, width, height, 0, 0, width, height);
  else context.drawImage(over.pixels.canvas, x, y, width, height, 0, 0, width, height);
  context.globalAlpha = 1;
  context.globalCompositeOperation = 'source-over';
}

function clippedTo(
  selection: OffscreenCanvas,
  pixels: OffscreenCanvas,
  { x, y, width, height }: Rect,
  { canvas, context }: Bitmap,
): OffscreenCanvas {
  if (canvas.width < width || canvas.height < height) {
    canvas.width = Math.max(canvas.width, width);
    canvas.height = Math.max(canvas.height, height);
  }
  context.globalCompositeOperation = 'copy';
  context.drawImage(pixels, x, y, width, height, 0, 0, width, height);
  context.globalCompositeOperation = 'destination-in';
  context.drawImage(selection, x, y, width, height, 0, 0, width, height);
  return canvas;
}
