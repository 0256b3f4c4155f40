/**
 * The active layer, or what is selected of it, between the handles: resized, turned and moved as one. It is always drawn from the
 * pixels as they were when the handles came, so that trying does not wear them out.
 */
import type { Layer, Rect, Selection } from '../../app/document/document.ts';
import { adjust } from '../stores/document-store.ts';
import { type Bitmap, type Context, createBitmap } from './bitmap.ts';
import type { PaintingCanvas } from './painting-canvas.ts';

/** a, b, c, d, e, f of the canvas' transforms. */
export type Matrix = readonly [number, number, number, number, number, number];

/** Pixels of a layer that are lifted off it, and those that stay. */
export interface Lifted {
  readonly pixels: Bitmap;
  /** Undefined when everything is lifted. */
  readonly rest: Bitmap | undefined;
}

/** Lifts what is selected, or everything. */
export function liftPixels(painting: PaintingCanvas, layer: Layer): Lifted {
  const { width, height } = painting.bounds;
  const surface = painting.surface(layer.id)?.bitmap.canvas;
  const selection = painting.selectionMask();
  const copy = (operation: GlobalCompositeOperation) => {
    const bitmap = createBitmap(width, height);
    if (surface) bitmap.context.drawImage(surface, 0, 0);
    if (selection) {
      bitmap.context.globalCompositeOperation = operation;
      bitmap.context.drawImage(selection, 0, 0);
      bitmap.context.globalCompositeOperation = 'source-over';
    }
    return bitmap;
  };
  return { pixels: copy('destination-in'), rest: selection ? copy('destination-out') : undefined };
}

/** The smallest rectangle around the pixels that are not transparent; empty when there are none. */
export function contentBounds({ canvas: { width, height }, context }: Bitmap): Rect {
  const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
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
  return right > left
    ? { x: left, y: top, width: right - left, height: bottom - top }
    : { x: 0, y: 0, width: 0, height: 0 };
}

export class LayerTransform {
  /** Around what is lifted. */
  readonly bounds: Rect;
  readonly #painting: PaintingCanvas;
  readonly #layer: Layer;
  readonly #lifted: Lifted;
  readonly #selection: Selection | null;

  /** @param selection what `liftPixels` takes now */
  constructor(painting: PaintingCanvas, layer: Layer, selection: Selection | null) {
    this.#painting = painting;
    this.#layer = layer;
    this.#selection = selection;
    this.#lifted = liftPixels(painting, layer);
    this.bounds = contentBounds(this.#lifted.pixels);
  }

  show(matrix: Matrix): void {
    this.#painting.preview(
      {
        layer: this.#layer.id,
        paint: (context, _, { x, y }) => {
          context.save();
          context.setTransform(1, 0, 0, 1, -x, -y);
          this.#draw(context, matrix);
          context.restore();
        },
      },
      this.#painting.bounds,
    );
  }

  /** As one step of the history; a selection goes along. */
  apply(matrix: Matrix): void {
    const { bounds } = this.#painting;
    this.#painting.change('edit.transform', this.#layer, bounds, ({ context }) => {
      context.clearRect(0, 0, bounds.width, bounds.height);
      context.save();
      context.imageSmoothingQuality = 'high';
      this.#draw(context, matrix);
      context.restore();
    });
    const selection = this.#selection && transformSelection(this.#selection, matrix);
    adjust((document) => ({ ...document, selection }));
  }

  #draw(context: Context, matrix: Matrix): void {
    if (this.#lifted.rest) context.drawImage(this.#lifted.rest.canvas, 0, 0);
    context.transform(...matrix);
    context.drawImage(this.#lifted.pixels.canvas, 0, 0);
  }
}

export function transformSelection(selection: Selection, [a, b, c, d, e, f]: Matrix): Selection {
  const parts = selection.parts.map(({ mode, points }) => ({
    mode,
    points: points.map(({ x, y }) => ({ x: a * x + c * y + e, y: b * x + d * y + f })),
  }));
  return { ...selection, parts };
}
