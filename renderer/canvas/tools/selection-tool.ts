/**
 * Marquee and lasso. Shift adds to the selection, Alt takes away, both together keep what is common.
 */
import type { PaintingDocument, Point, SelectionPart } from '../../../app/document/document.ts';
import { edit } from '../../stores/document-store.ts';
import { toolStore } from '../../stores/tool-store.ts';
import { boundsOf } from '../view.ts';
import type { PointerSample, Tool } from './tool.ts';

/** Screen pixels that the pointer must move for a press not to be a click. */
const CLICK_SLOP = 3;

export function rectanglePoints(from: Point, to: Point, square = false): Point[] {
  const side = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y));
  const x = square ? from.x + Math.sign(to.x - from.x) * side : to.x;
  const y = square ? from.y + Math.sign(to.y - from.y) * side : to.y;
  return [from, { x, y: from.y }, { x, y }, { x: from.x, y }];
}

export const marqueeTool: Tool = (easel, start) => {
  const from = whole(easel.snap(start));
  const corners = (to: Point) => rectanglePoints(from, whole(easel.snap(to)));
  return {
    move: (samples) => easel.outline(corners(samples.at(-1) ?? start), true),
    end: (sample) => {
      easel.outline([], false);
      select(start, sample, corners(sample));
    },
    cancel: () => easel.outline([], false),
  };
};

export const lassoTool: Tool = (easel, start) => {
  const points: Point[] = [start];
  return {
    move: (samples) => {
      points.push(...samples.map(({ x, y }) => ({ x, y })));
      easel.outline(points, true);
    },
    end: (sample) => {
      easel.outline([], false);
      select(start, sample, points);
    },
    cancel: () => easel.outline([], false),
  };
};

function whole({ x, y }: Point): Point {
  return { x: Math.round(x), y: Math.round(y) };
}

/** A click without a modifier takes the selection away. */
function select(start: PointerSample, end: PointerSample, points: readonly Point[]): void {
  const bounds = boundsOf(points);
  const isClick = Math.hypot(end.screen.x - start.screen.x, end.screen.y - start.screen.y) < CLICK_SLOP;
  const { shift, alt } = start;
  if (isClick || bounds.width === 0 || bounds.height === 0) {
    if (!shift && !alt) edit('edit.deselect', (document) => ({ ...document, selection: null }));
    return;
  }
  const mode = shift && alt ? 'intersect' : alt ? 'subtract' : 'add';
  const part: SelectionPart = { mode, points: points.map(({ x, y }) => ({ x, y })) };
  edit('edit.select', (document) => withPart(document, part, shift || alt));
}

function withPart(document: PaintingDocument, part: SelectionPart, join: boolean): PaintingDocument {
  const { feather } = toolStore.getState();
  const earlier = join ? document.selection : null;
  const parts = [...(earlier?.parts ?? []), part];
  return { ...document, selection: { parts, inverted: earlier?.inverted ?? false, feather } };
}
