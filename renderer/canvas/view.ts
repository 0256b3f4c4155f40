/**
 * How the painting lies on the screen: zoom, rotation and shift. Screen coordinates are CSS pixels of the canvas element.
 */
import type { Point, Rect } from '../../app/document/document.ts';

export interface View {
  /** Screen position of the painting's top left corner. */
  readonly x: number;
  readonly y: number;
  /** Screen pixels for a pixel of the painting. */
  readonly scale: number;
  /** Radians, clockwise. */
  readonly rotation: number;
}

export const MIN_SCALE = 0.02;
export const MAX_SCALE = 64;
/** Thickness of the rulers along the canvas, in CSS pixels. */
export const RULER = 18;
/** Share of the screen that a fitted painting takes. */
const FIT_SHARE = 0.92;

export interface Size {
  readonly width: number;
  readonly height: number;
}

export function toScreen({ x, y, scale, rotation }: View, point: Point): Point {
  const [cos, sin] = [Math.cos(rotation) * scale, Math.sin(rotation) * scale];
  return { x: x + point.x * cos - point.y * sin, y: y + point.x * sin + point.y * cos };
}

export function toPainting({ x, y, scale, rotation }: View, point: Point): Point {
  const [cos, sin] = [Math.cos(rotation) / scale, Math.sin(rotation) / scale];
  const [dx, dy] = [point.x - x, point.y - y];
  return { x: dx * cos + dy * sin, y: dy * cos - dx * sin };
}

/** Zooms and keeps what is under `at` where it is. */
export function zoomAt(view: View, at: Point, factor: number): View {
  const scale = Math.max(MIN_SCALE, Math.min(MAX_SCALE, view.scale * factor));
  const ratio = scale / view.scale;
  return { ...view, scale, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio };
}

/** Turns around `at`. */
export function rotateAt(view: View, at: Point, angle: number): View {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [dx, dy] = [view.x - at.x, view.y - at.y];
  return {
    ...view,
    rotation: view.rotation + angle,
    x: at.x + dx * cos - dy * sin,
    y: at.y + dx * sin + dy * cos,
  };
}

/** Moves and zooms as two fingers do: what was between them stays there. */
export function pinch(view: View, before: readonly [Point, Point], after: readonly [Point, Point]): View {
  const [from, to] = [between(before), between(after)];
  const factor = distance(after) / Math.max(1, distance(before));
  return zoomAt(pan(view, to.x - from.x, to.y - from.y), to, factor);
}

function between([a, b]: readonly [Point, Point]): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function distance([a, b]: readonly [Point, Point]): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

export function pan(view: View, dx: number, dy: number): View {
  return { ...view, x: view.x + dx, y: view.y + dy };
}

/** The whole rectangle in the middle of the screen, upright. */
export function fitView(rect: Rect, screen: Size): View {
  const scale = Math.min(
    MAX_SCALE,
    Math.max(MIN_SCALE, FIT_SHARE * Math.min(screen.width / rect.width, screen.height / rect.height)),
  );
  return {
    scale,
    rotation: 0,
    x: screen.width / 2 - (rect.x + rect.width / 2) * scale,
    y: screen.height / 2 - (rect.y + rect.height / 2) * scale,
  };
}

/** The smallest upright rectangle of the screen that a rectangle of the painting lies in. */
export function screenBounds(view: View, { x, y, width, height }: Rect): Rect {
  const corners = [
    { x, y },
    { x: x + width, y },
    { x, y: y + height },
    { x: x + width, y: y + height },
  ].map((corner) => toScreen(view, corner));
  return boundsOf(corners);
}

export function boundsOf(points: readonly Point[]): Rect {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}
