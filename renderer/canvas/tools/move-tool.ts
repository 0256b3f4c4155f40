/**
 * Moves the active layer's pixels, or those that are selected and the selection with them.
 */
import type { Layer, Point } from '../../../app/document/document.ts';
import { adjust } from '../../stores/document-store.ts';
import type { Context } from '../bitmap.ts';
import { contentBounds, type Lifted, transformSelection } from '../layer-transform.ts';
import { snapRect } from '../snapping.ts';
import type { Easel, Tool } from './tool.ts';

export const moveTool: Tool = (easel, start) => {
  const target = easel.paintable();
  if (!target) return undefined;
  const { layer } = target;
  const lifted = easel.lift(layer);
  const content = contentBounds(lifted.pixels);
  let shift: Point = { x: 0, y: 0 };
  const effect = {
    layer: layer.id,
    paint: (context: Context, _: OffscreenCanvas, { x, y }: Point) => draw(context, lifted, shift, { x, y }),
  };
  return {
    move: (samples) => {
      const sample = samples.at(-1) ?? start;
      const moved = { ...content, x: content.x + sample.x - start.x, y: content.y + sample.y - start.y };
      const to = snapRect(moved, true);
      shift = { x: Math.round(to.x - content.x), y: Math.round(to.y - content.y) };
      easel.preview(effect, easel.bounds);
    },
    end: () => {
      if (shift.x === 0 && shift.y === 0) easel.preview(undefined, easel.bounds);
      else keep(easel, layer, lifted, shift);
    },
    cancel: () => easel.preview(undefined, easel.bounds),
  };
};

/** Moves them at once, as one step of the history. */
export function movePixels(easel: Easel, shift: Point): void {
  const target = easel.paintable();
  if (target) keep(easel, target.layer, easel.lift(target.layer), shift);
}

function draw(context: Context, { pixels, rest }: Lifted, shift: Point, { x, y }: Point): void {
  if (rest) context.drawImage(rest.canvas, -x, -y);
  context.drawImage(pixels.canvas, shift.x - x, shift.y - y);
}

function keep(easel: Easel, layer: Layer, lifted: Lifted, shift: Point): void {
  const { width, height } = easel.bounds;
  easel.change('edit.move', layer, easel.bounds, ({ context }) => {
    context.clearRect(0, 0, width, height);
    draw(context, lifted, shift, { x: 0, y: 0 });
  });
  adjust((document) => {
    const { selection } = document;
    return selection
      ? { ...document, selection: transformSelection(selection, [1, 0, 0, 1, shift.x, shift.y]) }
      : document;
  });
}
