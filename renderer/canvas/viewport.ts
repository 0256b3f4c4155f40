/**
 * Shows the flattened painting on the screen, with what waits over its frame. Only the parts that changed are drawn again while
 * the view stays.
 */
import type { Rect } from '../../app/document/document.ts';
import { isEmpty, outward, unite } from '../../app/document/rects.ts';
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

const NOTHING: Rect = { x: 0, y: 0, width: 0, height: 0 };
const CHECKER = 8;
/** How far around what changed the screen is drawn again, in its pixels. */
const AROUND = 2;
/** How much farther the painting is read for it: a part that is scaled alone is blurred into nothing at its edges. */
const EDGE = 4;
/** Radius of the handle on the line of a comparison. */
const GRIP = 9;

/** Colours of what is no part of the painting: around it, and where it is transparent. */
export interface ViewportColors {
  readonly backdrop: string;
  readonly paper: string;
  readonly paperShade: string;
}

export class Viewport {
  readonly canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  #checker: CanvasPattern | string = '#fff';
  #backdrop = '#888';
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
  }

  resize({ width, height }: Size): void {
    this.#ratio = window.devicePixelRatio;
    this.canvas.width = Math.max(1, Math.round(width * this.#ratio));
    this.canvas.height = Math.max(1, Math.round(height * this.#ratio));
  }

  setColors({ backdrop, paper, paperShade }: ViewportColors): void {
    this.#backdrop = backdrop;
    this.#checker = checkerPattern(this.#context, paper, paperShade);
  }

  /** Returns the area of the painting that looks different with them. */
  setOverlays(overlays: readonly Overlay[], { scale }: View): Rect {
    const before = this.#overlays;
    this.#overlays = overlays;
    const isSame = before.length === overlays.length && before.every((overlay, i) => sameOverlay(overlay, overlays[i]));
    return isSame ? NOTHING : [...before, ...overlays].map((overlay) => reach(overlay, scale)).reduce(unite, NOTHING);
  }

  /** @param area of the painting that changed; all of the screen when left out */
  draw(flat: OffscreenCanvas, view: View, area?: Rect): void {
    const context = this.#context;
    context.save();
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    if (area) {
      const { x, y, width, height } = outward(screenBounds(view, area), AROUND);
      context.beginPath();
      context.rect(x, y, width, height);
      context.clip();
    }
    context.fillStyle = this.#backdrop;
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
    const margin = (AROUND + EDGE) / Math.min(1, scale);
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
    if (from > 0) drawDivider(context, (rect.x + from * rect.width) * scale, rect.y * scale, rect.height * scale);
  }
}

function sameOverlay(a: Overlay, b: Overlay | undefined): boolean {
  return (
    a.image === b?.image &&
    a.from === b.from &&
    a.smooth === b.smooth &&
    a.opacity === b.opacity &&
    (['x', 'y', 'width', 'height'] as const).every((side) => a.rect[side] === b.rect[side])
  );
}

/** What an overlay covers of the painting, the handle of a comparison included. */
function reach({ rect, from }: Overlay, scale: number): Rect {
  return from > 0 ? outward(rect, (2 * GRIP) / scale) : rect;
}

/** Between a picture and what it is compared with: white with dark edges, seen on every ground. */
function drawDivider(context: CanvasRenderingContext2D, x: number, y: number, height: number): void {
  const middle = y + height / 2;
  for (const [width, color] of [
    [4, 'rgb(0 0 0 / 0.5)'],
    [2, '#fff'],
  ] as const) {
    context.lineWidth = width;
    context.strokeStyle = color;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x, y + height);
    context.moveTo(x + GRIP, middle);
    context.arc(x, middle, GRIP, 0, 2 * Math.PI);
    context.stroke();
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

function checkerPattern(context: CanvasRenderingContext2D, light: string, dark: string): CanvasPattern {
  const tile = new OffscreenCanvas(CHECKER * 2, CHECKER * 2);
  const paint = tile.getContext('2d');
  if (!paint) throw new Error('The browser gives no canvas.');
  paint.fillStyle = light;
  paint.fillRect(0, 0, CHECKER * 2, CHECKER * 2);
  paint.fillStyle = dark;
  paint.fillRect(0, 0, CHECKER, CHECKER);
  paint.fillRect(CHECKER, CHECKER, CHECKER, CHECKER);
  return context.createPattern(tile, 'repeat') as CanvasPattern;
}
