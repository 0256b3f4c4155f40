/**
 * Control maps of areas: each frame of an area follows its part of the map.
 */
import type { Rect } from '../document/document.ts';
import type { RgbImage } from '../generation/pipeline-event.ts';
import type { ControlMap } from '../generation/request.ts';
import { pickPixels } from '../imaging/pick-pixels.ts';
import { cropRgb } from '../imaging/regions.ts';
import { resizeRgb } from '../imaging/resample.ts';
import { fittingFrame } from './frame-size.ts';
import type { FrameSize } from './plan-frames.ts';

/**
 * The part of a map that lies under a frame, in the size of the model's pictures; black beyond the map.
 *
 * @param control of the whole area, in any size
 * @param seen what the frame shows, in pixels of the area
 */
export function frameControl({ kind, image }: ControlMap, area: FrameSize, seen: Rect, model: FrameSize): ControlMap {
  const resize = kind === 'segmentation' ? pickPixels : resizeRgb;
  const brought = (picture: RgbImage, { width, height }: FrameSize) =>
    picture.width === width && picture.height === height ? picture : resize(picture, width, height);
  return { kind, image: brought(cropRgb(brought(image, area), seen), model) };
}

/** How large the map of a frame is made, so that lines are as thin as the model knows them. */
export function controlSize(frame: FrameSize, model: FrameSize): FrameSize {
  const scale = model.width / fittingFrame(frame, model).width;
  return { width: Math.max(1, Math.round(frame.width * scale)), height: Math.max(1, Math.round(frame.height * scale)) };
}
