/**
 * Canvases that pixels are read from and written to.
 */
import type { Rect } from '../../app/document/document.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';

export type Context = OffscreenCanvasRenderingContext2D;

export interface Bitmap {
  readonly canvas: OffscreenCanvas;
  readonly context: Context;
}

/** Kept in the processor's memory: tiles are read back after every stroke. */
export function createBitmap(width: number, height: number): Bitmap {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('The browser gives no canvas.');
  return { canvas, context };
}

export function rgbToBitmap({ width, height, data }: RgbImage): Bitmap {
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    pixels[to] = data[from] as number;
    pixels[to + 1] = data[from + 1] as number;
    pixels[to + 2] = data[from + 2] as number;
    pixels[to + 3] = 255;
  }
  return rgbaToBitmap(width, height, pixels);
}

export function rgbaToBitmap(width: number, height: number, pixels: ArrayLike<number>): Bitmap {
  const bitmap = createBitmap(width, height);
  const image = bitmap.context.createImageData(width, height);
  image.data.set(pixels);
  bitmap.context.putImageData(image, 0, 0);
  return bitmap;
}

/** The opaque colours of a part of a canvas, brought to a size, over white. */
export function readRgb(source: OffscreenCanvas, rect: Rect, width: number, height: number): RgbImage {
  const { context } = createBitmap(width, height);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, rect.x, rect.y, rect.width, rect.height, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    rgb[to] = data[from] as number;
    rgb[to + 1] = data[from + 1] as number;
    rgb[to + 2] = data[from + 2] as number;
  }
  return { width, height, data: rgb };
}
