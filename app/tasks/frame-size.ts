/**
 * How large a frame is, when nobody says it.
 */
import type { Rect } from '../document/document.ts';
import type { FrameSize } from './plan-frames.ts';

/** A frame around an area has so many times its size: enough of what surrounds it is seen. */
const AROUND = 1.5;

/** The largest frame of the model's shape inside a picture; for one below the model's size, as large as its longer side asks. */
export function fittingFrame(picture: FrameSize, model: FrameSize): FrameSize {
  return scaled(model, largestScale(picture, model));
}

/**
 * A frame around an area: at the model's own size, or larger where the area is, but not beyond the picture.
 *
 * @param area the smallest rectangle that holds it
 */
export function frameAround(area: Rect, picture: FrameSize, model: FrameSize): FrameSize {
  const wanted = AROUND * Math.max(area.width / model.width, area.height / model.height);
  return scaled(model, Math.min(Math.max(1, wanted), largestScale(picture, model)));
}

/** A frame of the model's shape whose shorter side is given. */
export function frameOfSide(side: number, model: FrameSize): FrameSize {
  return scaled(model, side / Math.min(model.width, model.height));
}

function largestScale(picture: FrameSize, model: FrameSize): number {
  const [across, down] = [picture.width / model.width, picture.height / model.height];
  return Math.max(Math.min(across, down), Math.min(1, Math.max(across, down)));
}

function scaled({ width, height }: FrameSize, scale: number): FrameSize {
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return { width: side(width), height: side(height) };
}
