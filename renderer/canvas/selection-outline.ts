/**
 * The edge of a selection as polygons: its own where it is a single one, else that of its pixels.
 */
import type { PaintingDocument, Point } from '../../app/document/document.ts';
import { outlineMask } from '../../app/imaging/mask-outline.ts';
import { coverOf } from './mask-cover.ts';
import { renderSelection } from './selection-mask.ts';
import type { Size } from './view.ts';

/** Side of the canvas that a larger painting's selection is traced on. */
const MAX_SIDE = 2048;

export function selectionOutline(document: PaintingDocument): readonly (readonly Point[])[] {
  const { selection } = document;
  if (!selection) return [];
  const [only, ...more] = selection.parts;
  if (only?.mode === 'add' && more.length === 0) {
    return selection.inverted ? [border(document), only.points] : [only.points];
  }
  const factor = Math.min(1, MAX_SIDE / Math.max(document.width, document.height));
  const parts = selection.parts.map((part) => ({ ...part, points: scaled(part.points, factor) }));
  const [width, height] = [Math.ceil(document.width * factor), Math.ceil(document.height * factor)];
  const { canvas } = renderSelection({ ...selection, parts, feather: 0 }, width, height);
  return outlineMask(coverOf(canvas)).map((points) => scaled(points, 1 / factor));
}

function scaled(points: readonly Point[], factor: number): Point[] {
  return points.map(({ x, y }) => ({ x: x * factor, y: y * factor }));
}

function border({ width, height }: Size): Point[] {
  return [
    { x: 0, y: 0 },
    { x: width, y: 0 },
    { x: width, y: height },
    { x: 0, y: height },
  ];
}
