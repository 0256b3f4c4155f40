/**
 * Moves the active layer's pixels, or those that are selected and the selection with them.
 */
import { adjust } from '../../stores/document-store.ts';
import type { Context } from '../bitmap.ts';
import { contentBounds, transformSelection } from '../layer-transform.ts';
import { snapRect } from '../snapping.ts';
import type { Tool } from './tool.ts';

export const moveTool: Tool = (easel, start) => {
  const target = easel.paintable();
  if (!target) return undefined;
  const { layer } = target;
  const { pixels, rest } = easel.lift(layer);
  const content = contentBounds(pixels);
  let shift = { x: 0, y: 0 };
  const draw = (context: Context, x: number, y: number) => {
    if (rest) context.drawImage(rest.canvas, -x, -y);
    context.drawImage(pixels.canvas, shift.x - x, shift.y - y);
  };
  const effect = {
    layer: layer.id,
    paint: (context: Context, _: OffscreenCanvas, { x, y }: { readonly x: number; readonly y: number }) =>
      draw(context, x, y),
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
      if (shift.x === 0 && shift.y === 0) return easel.preview(undefined, easel.bounds);
      easel.change('edit.move', layer, easel.bounds, ({ context }) => {
        context.clearRect(0, 0, easel.bounds.width, easel.bounds.height);
        draw(context, 0, 0);
      });
      adjust((document) => {
        const { selection } = document;
        if (!selection) return document;
        return { ...document, selection: transformSelection(selection, [1, 0, 0, 1, shift.x, shift.y]) };
      });
    },
    cancel: () => easel.preview(undefined, easel.bounds),
  };
};
