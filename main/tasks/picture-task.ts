/**
 * What is to be painted, in plain data: a picture of the model's own, or an area of a picture of any size.
 */
import type { GenerationRequest } from '../../app/generation/request.ts';
import type { Area, AreaPlan } from '../../app/tasks/paint-area.ts';

export interface AreaTask {
  readonly area: Area;
  readonly plan: AreaPlan;
}

export interface PictureTask {
  readonly request: GenerationRequest;
  /** Left out for a picture of the model's own size. */
  readonly area?: AreaTask | undefined;
}
