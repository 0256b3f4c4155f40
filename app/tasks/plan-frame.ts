/**
 * How a frame that a person has placed is painted: as one picture of the model, or as an area of several.
 */
import type { ModelDescription } from '../generation/request.ts';
import { detailPass } from './detail-pass.ts';
import { fittingFrame } from './frame-size.ts';
import type { AreaPlan } from './paint-area.ts';
import type { FrameSize } from './plan-frames.ts';

export interface FrameWish {
  /** Whether a frame larger than the model's pictures gets their detail all over. */
  readonly detail: boolean;
  /** First steps of what is there that stay. */
  readonly keepSteps: number;
  /** How large the part is that the picture goes on from; left out where it does not go on from one. */
  readonly known?: FrameSize | undefined;
}

/** Undefined when one picture of the model is enough: the frame has the model's shape, and no more detail is asked for. */
export function planFrame(
  frame: FrameSize,
  model: Pick<ModelDescription, 'width' | 'height' | 'tokensPerStep'>,
  { detail, keepSteps, known }: FrameWish,
): AreaPlan | undefined {
  const own = { width: model.width, height: model.height };
  const addsDetail = detail && isLarger(frame, own);
  if (hasShapeOf(frame, own) && !addsDetail) return undefined;
  const largest = fittingFrame(frame, own);
  const first = known ? smaller(largest, larger(own, fittingFrame(known, own))) : largest;
  return {
    frame: first,
    way: 'seamless',
    keepSteps,
    detail: addsDetail && isLarger(first, own) ? detailPass(own, model) : null,
  };
}

/** Up to the rounding to whole pixels. */
function hasShapeOf(frame: FrameSize, model: FrameSize): boolean {
  const gap = Math.abs(frame.width * model.height - frame.height * model.width);
  return gap <= Math.max(model.width, model.height);
}

function isLarger(frame: FrameSize, model: FrameSize): boolean {
  return frame.width > model.width || frame.height > model.height;
}

function smaller(a: FrameSize, b: FrameSize): FrameSize {
  return a.width < b.width ? a : b;
}

function larger(a: FrameSize, b: FrameSize): FrameSize {
  return a.width > b.width ? a : b;
}
