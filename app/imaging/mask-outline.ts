/**
 * The edge of a mask as closed polygons, along the sides of its pixels.
 */
import type { Mask } from './mask.ts';

/** A cover from which on a pixel counts as inside, 0 … 255. */
const INSIDE = 128;

export interface OutlinePoint {
  readonly x: number;
  readonly y: number;
}

/**
 * One polygon for each connected piece of the edge, in pixels from the top left corner; outer edges run clockwise, holes the
 * other way round. Corners alone are listed: straight runs are one side.
 */
export function outlineMask({ width, height, data }: Mask): OutlinePoint[][] {
  const isInside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && (data[y * width + x] as number) >= INSIDE;
  const stride = width + 1;
  // Top sides whose pixel is inside and whose upper neighbour is not: every polygon has one.
  const seen = new Uint8Array(stride * (height + 1));
  const polygons: OutlinePoint[][] = [];
  for (let y = 0; y <= height; y++) {
    for (let x = 0; x < width; x++) {
      if (seen[y * stride + x] || !isInside(x, y) || isInside(x, y - 1)) continue;
      polygons.push(
        trace(x, y, isInside, (left, top) => {
          seen[top * stride + left] = 1;
        }),
      );
    }
  }
  return polygons;
}

/** Directions clockwise: right, down, left, up, as (dx, dy) at twice their index. */
const STEPS = [1, 0, 0, 1, -1, 0, 0, -1] as const;

/** Walks with the inside at the right hand, from the top left corner of a top side back to it. */
function trace(
  startX: number,
  startY: number,
  isInside: (x: number, y: number) => boolean,
  onTopSide: (x: number, y: number) => void,
): OutlinePoint[] {
  const points: OutlinePoint[] = [];
  let [x, y, direction] = [startX, startY, 0];
  do {
    if (direction === 0) onTopSide(x, y);
    x += STEPS[direction * 2] as number;
    y += STEPS[direction * 2 + 1] as number;
    const next = turn(x, y, direction, isInside);
    if (next !== direction) points.push({ x, y });
    direction = next;
  } while (x !== startX || y !== startY || direction !== 0);
  return points;
}

/** The direction after a corner. Where two pieces touch at a corner, each keeps to itself. */
function turn(x: number, y: number, direction: number, isInside: (x: number, y: number) => boolean): number {
  // Pixels ahead of the corner, at the right and at the left hand.
  const ahead = [
    [isInside(x, y), isInside(x, y - 1)],
    [isInside(x - 1, y), isInside(x, y)],
    [isInside(x - 1, y - 1), isInside(x - 1, y)],
    [isInside(x, y - 1), isInside(x - 1, y - 1)],
  ][direction] as [boolean, boolean];
  const [right, left] = ahead;
  if (!right) return (direction + 1) % 4;
  return left ? (direction + 3) % 4 : direction;
}
