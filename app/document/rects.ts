/**
 * Rectangles of whole pixels.
 */
import { type Rect, TILE_SIDE, tileKey } from './document.ts';

export function isEmpty({ width, height }: Rect): boolean {
  return !(width > 0 && height > 0);
}

export function intersect(a: Rect, b: Rect): Rect {
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)];
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return { x, y, width: Math.max(0, width), height: Math.max(0, height) };
}

/** The smallest rectangle around both; an empty one counts for nothing. */
export function unite(a: Rect, b: Rect): Rect {
  if (isEmpty(a)) return b;
  if (isEmpty(b)) return a;
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

/** Grown to whole pixels, and by `margin`. */
export function outward({ x, y, width, height }: Rect, margin = 0): Rect {
  const [left, top] = [Math.floor(x - margin), Math.floor(y - margin)];
  const [right, bottom] = [Math.ceil(x + width + margin), Math.ceil(y + height + margin)];
  return { x: left, y: top, width: right - left, height: bottom - top };
}

export interface TilePlace {
  readonly key: string;
  readonly x: number;
  readonly y: number;
}

/** The tiles that a rectangle of whole pixels touches; `rect` must lie within the painting. */
export function tilesOf(rect: Rect): TilePlace[] {
  if (isEmpty(rect)) return [];
  const places: TilePlace[] = [];
  const [lastColumn, lastRow] = [
    Math.floor((rect.x + rect.width - 1) / TILE_SIDE),
    Math.floor((rect.y + rect.height - 1) / TILE_SIDE),
  ];
  for (let row = Math.floor(rect.y / TILE_SIDE); row <= lastRow; row++) {
    for (let column = Math.floor(rect.x / TILE_SIDE); column <= lastColumn; column++) {
      places.push({ key: tileKey(column, row), x: column * TILE_SIDE, y: row * TILE_SIDE });
    }
  }
  return places;
}

/** Top left corner of a tile. */
export function tileOrigin(key: string): { x: number; y: number } {
  const [column, row] = key.split(',').map(Number) as [number, number];
  return { x: column * TILE_SIDE, y: row * TILE_SIDE };
}
