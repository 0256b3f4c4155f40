/**
 * The active layer between the handles: resized, turned and moved as one, shown while it is dragged and kept when it is let go.
 */
import type { Layer, Rect } from '../../app/document/document.ts';
import { type Bitmap, createBitmap } from './bitmap.ts';
import type { PaintingCanvas } from './painting-canvas.ts';

/** a, b, c, d, e, f of the canvas' transforms. */
export type Matrix = readonly [number, number, number, number, number, number];

/** The smallest rectangle around the layer's pixels; empty for an empty layer. */
export function contentBounds(painting: PaintingCanvas, layer: Layer): Rect {
  const empty = { x: 0, y: 0, width: 0, height: 0 };
  const surface = painting.surface(layer.id);
  if (!surface || Object.keys(layer.tiles).length === 0) return empty;
  const { width, height } = painting.bounds;
  const { data } = surface.bitmap.context.getImageData(0, 0, width, height);
  const pixels = new Uint32Array(data.buffer);
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (pixels[y * width + x] === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = y + 1;
    }
  }
  return right > left ? { x: left, y: top, width: right - left, height: bottom - top } : empty;
}

/** A transform in progress; `source` is the layer as it was. */
export class LayerTransform {
  readonly #painting: PaintingCanvas;
  readonly #layer: Layer;
  readonly #source: Bitmap;

  constructor(painting: PaintingCanvas, layer: Layer) {
    const { width, height } = painting.bounds;
    this.#painting = painting;
    this.#layer = layer;
    this.#source = createBitmap(width, height);
    const surface = painting.surface(layer.id);
    if (surface) this.#source.context.drawImage(surface.bitmap.canvas, 0, 0);
  }

  show(matrix: Matrix): void {
    const { canvas } = this.#source;
    this.#painting.preview(
      {
        layer: this.#layer.id,
        paint(context, _, { x, y }) {
          context.save();
          context.setTransform(1, 0, 0, 1, -x, -y);
          context.transform(...matrix);
          context.drawImage(canvas, 0, 0);
          context.restore();
        },
      },
      this.#painting.bounds,
    );
  }

  apply(matrix: Matrix): void {
    const { bounds } = this.#painting;
    this.#painting.change('edit.transform', this.#layer, bounds, ({ context }) => {
      context.clearRect(0, 0, bounds.width, bounds.height);
      context.save();
      context.imageSmoothingQuality = 'high';
      context.transform(...matrix);
      context.drawImage(this.#source.canvas, 0, 0);
      context.restore();
    });
  }
}
