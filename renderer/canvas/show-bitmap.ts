/**
 * Small pictures of the panels as images. Each canvas of a page is a layer that the browser puts together with the others in every
 * frame, also in those of a stroke; images are painted into what they lie on, once.
 */
import type { Bitmap } from './bitmap.ts';
import { bitmapFile } from './bitmap-file.ts';

export function showBitmap(element: HTMLImageElement, { canvas, context }: Bitmap): void {
  const { width, height } = canvas;
  const file = bitmapFile(width, height, context.getImageData(0, 0, width, height).data);
  const url = URL.createObjectURL(new Blob([file], { type: 'image/bmp' }));
  element.src = url;
  // It fails where another picture follows at once.
  const release = () => URL.revokeObjectURL(url);
  element.decode().then(release, release);
}
