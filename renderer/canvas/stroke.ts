/**
 * A brush stroke in the making: dabs along the smoothed path of the pointer, in a canvas of their own until the pointer is lifted.
 */
import type { Point, Rect } from '../../app/document/document.ts';
import { intersect, outward, type TilePlace, tilesOf, unite } from '../../app/document/rects.ts';
import type { BrushSettings } from '../../app/library/tool-settings.ts';
import { type Bitmap, type Context, createBitmap } from './bitmap.ts';

export interface StrokeSettings extends BrushSettings {
  /** CSS colour. */
  readonly color: string;
}

export interface StrokePoint extends Point {
  /** 0 … 1; 1 for a mouse. */
  readonly pressure: number;
}

/** Distance of dabs as a share of their diameter. */
const SPACING = 0.12;
/** A pen that barely touches still paints. */
const LEAST_PRESSURE = 0.05;

export class Stroke {
  readonly bitmap: Bitmap;
  readonly settings: StrokeSettings;
  /** What has been painted so far. */
  bounds: Rect = { x: 0, y: 0, width: 0, height: 0 };
  readonly #touched = new Map<string, TilePlace>();
  readonly #tip: OffscreenCanvas;
  #last: StrokePoint | undefined;
  #untilNext = 0;

  /** @param bitmap an empty canvas of the painting's size, which the stroke may paint on */
  constructor(bitmap: Bitmap, settings: StrokeSettings) {
    this.bitmap = bitmap;
    this.settings = settings;
    this.#tip = brushTip(settings);
  }

  /** Goes on to a point. Returns the area that was painted. */
  extend(point: StrokePoint): Rect {
    const from = this.#last;
    const to = from ? smoothed(from, point, this.settings.smoothing) : point;
    this.#last = to;
    const area = from ? this.#line(from, to) : this.#dab(to);
    this.bounds = unite(this.bounds, area);
    return area;
  }

  /** Goes straight on to a point, however the path is smoothed. Returns the area that was painted. */
  lineTo(point: StrokePoint): Rect {
    const from = this.#last;
    this.#last = point;
    const area = from ? this.#line(from, point) : this.#dab(point);
    this.bounds = unite(this.bounds, area);
    return area;
  }

  /** Catches up with the pointer, and ends. */
  finish(point: StrokePoint): Rect {
    const from = this.#last;
    if (!from || this.settings.smoothing === 0) return { x: 0, y: 0, width: 0, height: 0 };
    const area = this.#line(from, point);
    this.bounds = unite(this.bounds, area);
    return area;
  }

  /** The tiles that were painted on. */
  get touched(): readonly TilePlace[] {
    return [...this.#touched.values()];
  }

  #line(from: StrokePoint, to: StrokePoint): Rect {
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    let area: Rect = { x: 0, y: 0, width: 0, height: 0 };
    let at = this.#untilNext;
    while (at <= length && length > 0) {
      const share = at / length;
      const between = (a: number, b: number) => a + (b - a) * share;
      const point = {
        x: between(from.x, to.x),
        y: between(from.y, to.y),
        pressure: between(from.pressure, to.pressure),
      };
      area = unite(area, this.#dab(point));
      at += Math.max(0.5, this.#diameter(point) * SPACING);
    }
    this.#untilNext = at - length;
    return area;
  }

  #dab(point: StrokePoint): Rect {
    const { flow, pressureFlow } = this.settings;
    const size = this.#diameter(point);
    const { context } = this.bitmap;
    context.globalAlpha = flow * (pressureFlow ? Math.max(LEAST_PRESSURE, point.pressure) : 1);
    context.drawImage(this.#tip, point.x - size / 2, point.y - size / 2, size, size);
    const area = outward({ x: point.x - size / 2, y: point.y - size / 2, width: size, height: size }, 1);
    const { width, height } = this.bitmap.canvas;
    for (const place of tilesOf(intersect(area, { x: 0, y: 0, width, height }))) this.#touched.set(place.key, place);
    return area;
  }

  #diameter({ pressure }: StrokePoint): number {
    const { size, pressureSize } = this.settings;
    return Math.max(1, pressureSize ? size * Math.max(LEAST_PRESSURE, pressure) : size);
  }
}

function smoothed(from: StrokePoint, to: StrokePoint, smoothing: number): StrokePoint {
  const share = 1 - 0.95 * smoothing;
  const between = (a: number, b: number) => a + (b - a) * share;
  return { x: between(from.x, to.x), y: between(from.y, to.y), pressure: between(from.pressure, to.pressure) };
}

/** A round tip whose cover falls off smoothly outside of its hard core. */
function brushTip({ size, hardness, color }: StrokeSettings): OffscreenCanvas {
  const side = Math.max(2, Math.ceil(size));
  const { canvas, context } = createBitmap(side, side);
  const radius = side / 2;
  const gradient = context.createRadialGradient(radius, radius, 0, radius, radius, radius);
  // One pixel at least falls off, so that hard brushes have smooth edges.
  const core = Math.min(hardness, 1 - 1 / radius);
  gradient.addColorStop(Math.max(0, core), '#000f');
  for (const share of [0.25, 0.5, 0.75, 1]) {
    const cover = (1 + Math.cos(Math.PI * share)) / 2;
    gradient.addColorStop(Math.max(0, core) + (1 - Math.max(0, core)) * share, `rgb(0 0 0 / ${cover})`);
  }
  context.fillStyle = gradient;
  context.fillRect(0, 0, side, side);
  tint(context, side, color);
  return canvas;
}

function tint(context: Context, side: number, color: string): void {
  context.globalCompositeOperation = 'source-in';
  context.fillStyle = color;
  context.fillRect(0, 0, side, side);
  context.globalCompositeOperation = 'source-over';
}
