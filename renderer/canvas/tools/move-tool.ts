/**
 * Moves the active layer's pixels, or those that are selected.
 */
import type { Rect } from '../../../app/document/document.ts';
import { unite } from '../../../app/document/rects.ts';
import type { Context } from '../bitmap.ts';
import type { Tool } from './tool.ts';

export const moveTool: Tool = (easel, start) => {
  const target = easel.paintable();
  if (!target) return undefined;
  const { layer, surface } = target;
  const lifted = easel.draftBitmap();
  const selection = easel.selectionMask();
  const { width, height } = easel.bounds;
  lifted.context.globalAlpha = 1;
  lifted.context.drawImage(surface.bitmap.canvas, 0, 0);
  if (selection) {
    lifted.context.globalCompositeOperation = 'destination-in';
    lifted.context.drawImage(selection, 0, 0);
    lifted.context.globalCompositeOperation = 'source-over';
  }
  let shift = { x: 0, y: 0 };
  const draw = (context: Context, from: OffscreenCanvas, area: Rect) => {
    context.globalCompositeOperation = 'copy';
    context.drawImage(from, -area.x, -area.y);
    context.globalCompositeOperation = 'destination-out';
    if (selection) context.drawImage(selection, -area.x, -area.y);
    else context.fillRect(-area.x, -area.y, width, height);
    context.globalCompositeOperation = 'source-over';
    context.drawImage(lifted.canvas, shift.x - area.x, shift.y - area.y);
  };
  const effect = {
    layer: layer.id,
    paint: (context: Context, from: OffscreenCanvas, area: Rect) => draw(context, from, area),
  };
  return {
    move: (samples) => {
      const sample = samples.at(-1) ?? start;
      shift = { x: Math.round(sample.x - start.x), y: Math.round(sample.y - start.y) };
      easel.preview(effect, easel.bounds);
    },
    end: () => {
      if (shift.x === 0 && shift.y === 0) return easel.preview(undefined, easel.bounds);
      easel.change('edit.move', layer, unite(easel.bounds, easel.bounds), ({ canvas, context }) => {
        const before = new OffscreenCanvas(width, height);
        before.getContext('2d')?.drawImage(canvas, 0, 0);
        draw(context, before, easel.bounds);
      });
    },
    cancel: () => easel.preview(undefined, easel.bounds),
  };
};
