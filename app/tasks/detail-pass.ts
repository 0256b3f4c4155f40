/**
 * The second pass over an area, that gives a large picture the detail of small ones.
 */
import type { ModelDescription } from '../generation/request.ts';
import type { AreaPlan } from './paint-area.ts';
import type { FrameSize } from './plan-frames.ts';

/** Share of a model's steps that the second pass keeps of the first. */
const KEPT_SHARE = 0.8;

export function detailPass(
  frame: FrameSize,
  { tokensPerStep }: Pick<ModelDescription, 'tokensPerStep'>,
): NonNullable<AreaPlan['detail']> {
  return { frame, keepSteps: Math.max(1, Math.floor(tokensPerStep.length * KEPT_SHARE)) };
}
