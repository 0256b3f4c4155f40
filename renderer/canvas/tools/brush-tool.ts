/**
 * Brush and eraser: a stroke is shown while it is drawn and kept when the pointer is lifted.
 */
import type { Point } from '../../../app/document/document.ts';
import { toolStore } from '../../stores/tool-store.ts';
import { paintOverEffect } from '../paint-over.ts';
import { Stroke } from '../stroke.ts';
import { paintColor } from './paint-color.ts';
import type { Tool } from './tool.ts';

/** Where the last stroke on each layer ended: with Shift, a straight line goes on from there. */
const lastEnds = new Map<string, Point>();

export function brushTool(erase: boolean): Tool {
  return (easel, start) => {
    const target = easel.paintable();
    if (!target) return undefined;
    const { brush, color } = toolStore.getState();
    const { layer } = target;
    const stroke = new Stroke(easel.draftBitmap(), { ...brush, color: paintColor(layer, color) });
    const { alphaLocked } = layer;
    const over = {
      layer: layer.id,
      pixels: stroke.bitmap,
      opacity: brush.opacity,
      erase,
      alphaLocked,
      selection: easel.selectionMask(),
    };
    const effect = paintOverEffect(over);
    const before = start.shift ? lastEnds.get(layer.id) : undefined;
    if (before) easel.preview(effect, stroke.extend({ ...before, pressure: start.pressure }));
    easel.preview(effect, before ? stroke.lineTo(start) : stroke.extend(start));
    return {
      move: (samples) => {
        for (const sample of samples) easel.preview(effect, stroke.extend(sample));
      },
      end: (sample) => {
        stroke.finish(sample);
        lastEnds.set(layer.id, { x: sample.x, y: sample.y });
        easel.paint(erase ? 'edit.erase' : 'edit.brush', over, stroke.bounds, stroke.touched);
      },
      cancel: () => easel.preview(undefined, stroke.bounds),
    };
  };
}
