/**
 * Shows the flattened painting on the screen, with what waits over its frame. Only the parts that changed are drawn again while
 * the view stays.
 */
import type { Rect } from '../../app/document/document.ts';
import { isEmpty, outward } from '../../app/document/rects.ts';
import { type Size, screenBounds, type View } from './view.ts';

/** A picture that lies over the painting, or over a part of it. */
export interface Overlay {
  readonly image: OffscreenCanvas;
  readonly rect: Rect;
  /** Share of the width that is left out at the left side. */
  readonly from: number;
  readonly smooth: boolean;
  readonly opacity: number;
}

const CHECKER = 8;

export class Viewport {
  readonly canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #checker: CanvasPattern;
  #overlays: readonly Overlay[] = [];
  #ratio = 1;

  constructor(container: HTMLElement) {
    this.canvas = document.createElement('canvas');
    this.canvas.className = 'absolute inset-0 size-full';
    this.canvas.setAttribute('aria-hidden', 'true');
    container.append(this.canvas);
    const context = this.canvas.getContext('2d', { alpha: false });
    if (!context) throw new Error('The browser gives no canvas.');
    this.#context = context;
    this.#checker = checkerPattern(context);
  }

  resize({ width, height }: Size): void {
    this.#ratio = window.devicePixelRatio;
    this.canvas.width = Math.max(1, Math.round(width * this.#ratio));
    this.canvas.height = Math.max(1, Math.round(height * this.#ratio));
  }

  setOverlays(overlays: readonly Overlay[]): void {
    this.#overlays = overlays;
  }

  /**
   * @param area of the painting that changed; all of the screen when left out
   * @param backdrop colour around the painting
   */
  draw(flat: OffscreenCanvas, view: View, backdrop: string, area?: Rect): void {
    const context = this.#context;
    context.save();
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    if (area) {
      const { x, y, width, height } = outward(screenBounds(view, area), 2);
      context.beginPath();
      context.rect(x, y, width, height);
      context.clip();
    }
    context.fillStyle = backdrop;
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    context.translate(view.x, view.y);
    context.rotate(view.rotation);
    this.#drawPainting(context, flat, view, area);
    for (const overlay of this.#overlays) this.#drawOverlay(context, overlay, view);
    context.restore();
  }

  #drawPainting(context: CanvasRenderingContext2D, flat: OffscreenCanvas, { scale }: View, area?: Rect): void {
    context.fillStyle = this.#checker;
    context.fillRect(0, 0, flat.width * scale, flat.height * scale);
    context.imageSmoothingEnabled = scale < 4;
    const margin = 2 / Math.min(1, scale);
    const part = area ? clampTo(outward(area, margin), flat) : { x: 0, y: 0, width: flat.width, height: flat.height };
    if (isEmpty(part)) return;
    const { x, y, width, height } = part;
    context.drawImage(flat, x, y, width, height, x * scale, y * scale, width * scale, height * scale);
  }

  #drawOverlay(context: CanvasRenderingContext2D, { image, rect, from, smooth, opacity }: Overlay, view: View): void {
    const { scale } = view;
    const left = from * image.width;
    context.globalAlpha = opacity;
    context.imageSmoothingEnabled = smooth;
    context.imageSmoothingQuality = 'high';
    context.drawImage(
      image,
      left,
      0,
      image.width - left,
      image.height,
      (rect.x + from * rect.width) * scale,
      rect.y * scale,
      rect.width * (1 - from) * scale,
      rect.height * scale,
    );
    context.globalAlpha = 1;
  }
}

function clampTo(rect: Rect, { width, height }: Size): Rect {
  const [x, y] = [Math.max(0, rect.x), Math.max(0, rect.y)];
  return {
    x,
    y,
    width: Math.min(width, rect.x + rect.width) - x,
    height: Math.min(height, rect.y + rect.height) - y,
  };
}

function checkerPattern(context: CanvasRenderingContext2D): CanvasPattern {
  const tile = new OffscreenCanvas(CHECKER * 2, CHECKER * 2);
  const paint = tile.getContext('2d');
  if (!paint) throw new Error('The browser gives no canvas.');
  paint.fillStyle = '#ffffff';
  paint.fillRect(0, 0, CHECKER * 2, CHECKER * 2);
  paint.fillStyle = '#d9d9d9';
  paint.fillRect(0, 0, CHECKER, CHECKER);
  paint.fillRect(CHECKER, CHECKER, CHECKER, CHECKER);
  return context.createPattern(tile, 'repeat') as CanvasPattern;
}
