/**
 * From flags to how an area is painted.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { ModelDescription } from '../../app/generation/request.ts';
import { detailPass } from '../../app/tasks/detail-pass.ts';
import { fittingFrame, frameOfSide } from '../../app/tasks/frame-size.ts';
import type { Area, AreaPlan, Way } from '../../app/tasks/paint-area.ts';
import type { FrameSize } from '../../app/tasks/plan-frames.ts';
import type { AreaTask } from '../tasks/picture-task.ts';
import { MAX_SIDE } from './picture-flags.ts';

export interface PlanFlags {
  readonly frame?: number;
  readonly detail?: number;
  readonly way?: Way;
  readonly keepScales?: number;
}

/** @param picture a frame fits into it, when no flag says how large a frame is */
export function planArea(area: Area, picture: FrameSize, flags: PlanFlags, model: ModelDescription): AreaTask {
  const frame = flags.frame === undefined ? fittingFrame(picture, model) : frameOfSide(flags.frame, model);
  return { area, plan: planOf(frame, flags, model) };
}

export function planOf(frame: FrameSize, flags: PlanFlags, model: ModelDescription): AreaPlan {
  const steps = model.tokensPerStep.length;
  const keepSteps = flags.keepScales ?? 0;
  if (keepSteps >= steps) {
    throw new StudioError('bad-request', `--keep-scales must be below ${steps}: the model has ${steps} scales.`, {
      hint: 'Fewer scales leave more to be painted anew.',
    });
  }
  const detail = flags.detail === undefined ? null : detailPass(frameOfSide(flags.detail, model), model);
  return { frame, way: flags.way ?? 'seamless', keepSteps, detail };
}

/** An empty picture, to be painted all over. */
export function blankArea({ width, height }: FrameSize): Area {
  return {
    image: { width, height, data: new Uint8Array(width * height * 3) },
    cover: { width, height, data: new Uint8Array(width * height).fill(255) },
  };
}

/** `1024x512`. Throws `bad-request`. */
export function parseSize(text: string): FrameSize {
  const [, width, height] = /^(\d{1,5})[x×](\d{1,5})$/i.exec(text.trim()) ?? [];
  const size = { width: Number(width), height: Number(height) };
  if ([size.width, size.height].every((side) => side >= 1 && side <= MAX_SIDE)) return size;
  throw new StudioError('bad-request', `--size must be width x height, up to ${MAX_SIDE} pixels each, not "${text}".`, {
    hint: 'Such as --size 1024x512.',
  });
}
