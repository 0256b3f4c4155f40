/**
 * Lines and filled rectangles, drawn from corner to corner.
 */
import type { Point } from '../../../app/document/document.ts';
import { outward } from '../../../app/document/rects.ts';
import { toolStore } from '../../stores/tool-store.ts';
import { boundsOf } from '../view.ts';
import { paintColor } from './paint-color.ts';
import { rectanglePoints } from './selection-tool.ts';
import type { Tool } from './tool.ts';

export function shapeTool(shape: 'line' | 'rectangle'): Tool {
  return (easel, start) => {
    const target = easel.paintable();
    if (!target) return undefined;
    const from = easel.snap(start);
    const corners = (to: Point, straight: boolean) =>
      shape === 'line' ? [from, straight ? straightened(from, to) : to] : rectanglePoints(from, to, straight);
    return {
      move: (samples) => {
        const sample = samples.at(-1);
        if (sample) easel.outline(corners(easel.snap(sample), sample.shift), shape === 'rectangle');
      },
      end: (sample) => {
        const points = corners(easel.snap(sample), sample.shift);
        const { brush, color } = toolStore.getState();
        const pixels = easel.draftBitmap();
        const { context } = pixels;
        context.globalAlpha = 1;
        context.strokeStyle = context.fillStyle = paintColor(target.layer, color);
        context.lineWidth = brush.size;
        context.lineCap = 'round';
        context.beginPath();
        for (const { x, y } of points) context.lineTo(x, y);
        if (shape === 'line') context.stroke();
        else context.fill();
        easel.outline([], false);
        const over = {
          layer: target.layer.id,
          pixels,
          opacity: brush.opacity,
          erase: false,
          alphaLocked: target.layer.alphaLocked,
          selection: easel.selectionMask(),
        };
        easel.paint(`edit.${shape}`, over, outward(boundsOf(points), shape === 'line' ? brush.size : 1));
      },
      cancel: () => easel.outline([], false),
    };
  };
}

/** To the nearest eighth of a turn. */
function straightened(from: Point, to: Point): Point {
  const angle = Math.round(Math.atan2(to.y - from.y, to.x - from.x) / (Math.PI / 4)) * (Math.PI / 4);
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  return { x: from.x + Math.cos(angle) * length, y: from.y + Math.sin(angle) * length };
}
