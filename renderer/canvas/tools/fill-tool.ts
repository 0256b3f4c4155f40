/**
 * Bucket fill: the area of like colour around the click, as all layers together show it.
 */
import { floodFill } from '../../../app/imaging/flood-fill.ts';
import { toolStore } from '../../stores/tool-store.ts';
import { paintColor } from './paint-color.ts';
import type { Tool } from './tool.ts';

export const fillTool: Tool = (easel, start) => {
  const target = easel.paintable();
  if (!target) return undefined;
  const { width, height } = easel.bounds;
  const [x, y] = [Math.floor(start.x), Math.floor(start.y)];
  if (x < 0 || y < 0 || x >= width || y >= height) return undefined;
  const { tolerance, color, brush } = toolStore.getState();
  const { data } = easel.flat.context.getImageData(0, 0, width, height);
  const mask = floodFill({ width, height, data }, x, y, { tolerance, contiguous: !start.shift });
  const pixels = easel.draftBitmap();
  const image = pixels.context.createImageData(width, height);
  for (let i = 0; i < mask.data.length; i++) image.data[i * 4 + 3] = mask.data[i] as number;
  pixels.context.putImageData(image, 0, 0);
  pixels.context.globalAlpha = 1;
  pixels.context.globalCompositeOperation = 'source-in';
  pixels.context.fillStyle = paintColor(target.layer, color);
  pixels.context.fillRect(0, 0, width, height);
  pixels.context.globalCompositeOperation = 'source-over';
  const over = {
    layer: target.layer.id,
    pixels,
    opacity: brush.opacity,
    erase: false,
    alphaLocked: target.layer.alphaLocked,
    selection: easel.selectionMask(),
  };
  easel.paint('edit.fill', over, easel.bounds);
  return undefined;
};
