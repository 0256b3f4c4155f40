/**
 * Snapping to guides, to the painting's edges and middle, and to the frame.
 */
import type { PaintingDocument, Point, Rect } from '../../app/document/document.ts';
import { currentDocument } from '../stores/document-store.ts';
import { toolStore } from '../stores/tool-store.ts';
import { viewStore } from '../stores/view-store.ts';

/** Screen pixels within which things snap. */
const DISTANCE = 6;

type Lines = Readonly<Record<'x' | 'y', readonly number[]>>;

function linesOf({ width, height, guides, frame }: PaintingDocument, withFrame: boolean): Lines {
  const at = (axis: 'x' | 'y') => guides.filter((guide) => guide.axis === axis).map((guide) => guide.at);
  return {
    x: [0, width / 2, width, ...(withFrame ? [frame.x, frame.x + frame.width] : []), ...at('x')],
    y: [0, height / 2, height, ...(withFrame ? [frame.y, frame.y + frame.height] : []), ...at('y')],
  };
}

/** What is to be added to one of the values to bring it onto a line; 0 when none is near. */
export function shiftToLine(values: readonly number[], lines: readonly number[], distance: number): number {
  let best = 0;
  let least = distance;
  for (const value of values) {
    for (const line of lines) {
      const gap = Math.abs(line - value);
      if (gap > least) continue;
      least = gap;
      best = line - value;
    }
  }
  return best;
}

/** The point, on a line that is near while snapping is on. */
export function snapPoint(point: Point): Point {
  const [dx, dy] = shift([point.x], [point.y], true);
  return { x: point.x + dx, y: point.y + dy };
}

/** The rectangle moved so that one of its edges or its middle lies on a line. */
export function snapRect({ x, y, width, height }: Rect, withFrame: boolean): Rect {
  const [dx, dy] = shift([x, x + width / 2, x + width], [y, y + height / 2, y + height], withFrame);
  return { x: x + dx, y: y + dy, width, height };
}

function shift(xs: readonly number[], ys: readonly number[], withFrame: boolean): [number, number] {
  if (!toolStore.getState().snapping) return [0, 0];
  const lines = linesOf(currentDocument(), withFrame);
  const distance = DISTANCE / viewStore.getState().view.scale;
  return [shiftToLine(xs, lines.x, distance), shiftToLine(ys, lines.y, distance)];
}
