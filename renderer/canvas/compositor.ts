/**
 * All layers flattened into one canvas of the painting's size. Only areas that changed are painted again, and large ones over
 * several frames.
 */
import type { BlendMode, Layer, Rect } from '../../app/document/document.ts';
import { intersect, isEmpty, outward, unite } from '../../app/document/rects.ts';
import { type Bitmap, type Context, createBitmap } from './bitmap.ts';
import type { LayerSurface } from './layer-surface.ts';

/** Side of the areas that large changes are cut into. */
const CHUNK = 256;
/** Milliseconds of a frame that compositing may take. */
const BUDGET_MS = 5;

const OPERATIONS: Readonly<Partial<Record<BlendMode, GlobalCompositeOperation>>> = { normal: 'source-over' };

export function operationOf(blend: BlendMode): GlobalCompositeOperation {
  return OPERATIONS[blend] ?? (blend as GlobalCompositeOperation);
}

/** Something that is drawn over a layer before it takes part: a stroke in the making, pixels that float. */
export interface LayerEffect {
  readonly layer: string;
  /** Paints the layer's part of `area` to `context`, whose origin is the area's corner. */
  paint(context: Context, surface: OffscreenCanvas, area: Rect): void;
}

export class Compositor {
  readonly flat: Bitmap;
  readonly #bounds: Rect;
  readonly #surfaces: ReadonlyMap<string, LayerSurface>;
  #scratch: Bitmap;
  #layers: readonly Layer[] = [];
  #effect: LayerEffect | undefined;
  #dirty: Rect[] = [];

  constructor(width: number, height: number, surfaces: ReadonlyMap<string, LayerSurface>) {
    this.flat = createBitmap(width, height);
    this.#bounds = { x: 0, y: 0, width, height };
    this.#surfaces = surfaces;
    this.#scratch = createBitmap(CHUNK, CHUNK);
  }

  setLayers(layers: readonly Layer[]): void {
    this.#layers = layers;
  }

  setEffect(effect: LayerEffect | undefined): void {
    this.#effect = effect;
  }

  invalidate(area: Rect): void {
    const rect = intersect(outward(area), this.#bounds);
    if (isEmpty(rect)) return;
    for (let y = rect.y; y < rect.y + rect.height; ) {
      const bottom = Math.min(rect.y + rect.height, (Math.floor(y / CHUNK) + 1) * CHUNK);
      for (let x = rect.x; x < rect.x + rect.width; ) {
        const right = Math.min(rect.x + rect.width, (Math.floor(x / CHUNK) + 1) * CHUNK);
        this.#markDirty({ x, y, width: right - x, height: bottom - y });
        x = right;
      }
      y = bottom;
    }
  }

  invalidateAll(): void {
    this.invalidate(this.#bounds);
  }

  get isDirty(): boolean {
    return this.#dirty.length > 0;
  }

  /** Repaints what changed until the frame's time is up. Returns the area that is new, and leaves the rest for the next call. */
  update(deadline = performance.now() + BUDGET_MS): Rect {
    let done: Rect = { x: 0, y: 0, width: 0, height: 0 };
    while (this.#dirty.length > 0) {
      const area = this.#dirty.shift() as Rect;
      this.#compose(area);
      done = unite(done, area);
      if (performance.now() > deadline) break;
    }
    return done;
  }

  /** All layers that are seen, without masks and control maps: what models and exports get. */
  picture(): Bitmap {
    const { width, height } = this.#bounds;
    const bitmap = createBitmap(width, height);
    for (const layer of this.#layers) {
      if (layer.kind === 'paint') this.drawLayer(bitmap.context, layer, this.#bounds);
    }
    return bitmap;
  }

  /** A layer as it is set, with what is being painted on it, over an area of a context whose origin is the painting's. */
  drawLayer(context: Context, layer: Layer, area: Rect): void {
    const surface = this.#surfaces.get(layer.id);
    if (!surface || !layer.visible || layer.opacity === 0) return;
    const { x, y, width, height } = area;
    const effect = this.#effect?.layer === layer.id ? this.#effect : undefined;
    // What is transparent changes nothing, in no blend mode; most of most layers is.
    if (!effect && surface.isEmptyIn(area)) return;
    context.globalAlpha = layer.opacity;
    context.globalCompositeOperation = operationOf(layer.blend);
    if (effect) {
      const scratch = this.#paintEffect(effect, surface, area);
      context.drawImage(scratch, 0, 0, width, height, x, y, width, height);
    } else {
      context.drawImage(surface.bitmap.canvas, x, y, width, height, x, y, width, height);
    }
    context.globalAlpha = 1;
    context.globalCompositeOperation = 'source-over';
  }

  /** Joins an area with what is dirty in the same chunk, so that a quick brush does not pile up work. */
  #markDirty(area: Rect): void {
    const sameChunk = (other: Rect) =>
      Math.floor(other.x / CHUNK) === Math.floor(area.x / CHUNK) &&
      Math.floor(other.y / CHUNK) === Math.floor(area.y / CHUNK);
    const at = this.#dirty.findIndex(sameChunk);
    if (at < 0) this.#dirty.push(area);
    else this.#dirty[at] = unite(this.#dirty[at] as Rect, area);
  }

  #compose(area: Rect): void {
    const { context } = this.flat;
    context.globalAlpha = 1;
    context.globalCompositeOperation = 'source-over';
    context.clearRect(area.x, area.y, area.width, area.height);
    for (const layer of this.#layers) this.drawLayer(context, layer, area);
  }

  #paintEffect(effect: LayerEffect, surface: LayerSurface, area: Rect): OffscreenCanvas {
    if (this.#scratch.canvas.width < area.width || this.#scratch.canvas.height < area.height) {
      this.#scratch = createBitmap(area.width, area.height);
    }
    const { canvas, context } = this.#scratch;
    context.globalAlpha = 1;
    context.globalCompositeOperation = 'source-over';
    context.clearRect(0, 0, area.width, area.height);
    effect.paint(context, surface.bitmap.canvas, area);
    return canvas;
  }
}
