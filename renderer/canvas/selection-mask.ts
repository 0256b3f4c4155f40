/**
 * A selection as pixels: the cover of its polygons.
 */
import type { Point, Selection } from '../../app/document/document.ts';
import { type Bitmap, createBitmap } from './bitmap.ts';

/** Opaque where everything is selected. */
export function renderSelection(selection: Selection, width: number, height: number): Bitmap {
  let mask = createBitmap(width, height);
  for (const { mode, points } of selection.parts) {
    mask.context.globalCompositeOperation =
      mode === 'add' ? 'source-over' : mode === 'subtract' ? 'destination-out' : 'destination-in';
    mask.context.fillStyle = '#000';
    mask.context.fill(polygon(points));
  }
  if (selection.inverted) mask = inverted(mask, width, height);
  return selection.feather > 0 ? blurred(mask, width, height, selection.feather) : mask;
}

export function polygon(points: readonly Point[]): Path2D {
  const path = new Path2D();
  for (const [i, { x, y }] of points.entries()) {
    if (i === 0) path.moveTo(x, y);
    else path.lineTo(x, y);
  }
  path.closePath();
  return path;
}

function inverted(mask: Bitmap, width: number, height: number): Bitmap {
  const result = createBitmap(width, height);
  result.context.fillRect(0, 0, width, height);
  result.context.globalCompositeOperation = 'destination-out';
  result.context.drawImage(mask.canvas, 0, 0);
  return result;
}

function blurred(mask: Bitmap, width: number, height: number, feather: number): Bitmap {
  const result = createBitmap(width, height);
  result.context.filter = `blur(${feather / 2}px)`;
  result.context.drawImage(mask.canvas, 0, 0);
  return result;
}
