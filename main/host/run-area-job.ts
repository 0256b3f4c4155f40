/**
 * Paints the area of a job. Its steps are its frames: a job that was stopped goes on with the next one.
 */
import type { PipelineEvent } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest } from '../../app/generation/request.ts';
import { AreaPreview } from '../../app/tasks/area-preview.ts';
import type { PaintedFrame } from '../../app/tasks/paint-area.ts';
import type { MadePicture } from '../generate-pictures.ts';
import type { AskedOptions, Studio } from '../studio.ts';
import { paintTask } from '../tasks/paint-tasks.ts';
import type { AreaTask } from '../tasks/picture-task.ts';

export interface AreaJob {
  readonly request: GenerationRequest;
  readonly task: AreaTask;
  /** Symbols of the frames that are done. */
  readonly done: Int32Array;
}

export interface AreaCall {
  readonly onEvent: (event: PipelineEvent) => void;
  readonly signal: AbortSignal;
}

export async function runAreaJob(
  studio: Studio,
  { request, task, done }: AreaJob,
  options: AskedOptions,
  { onEvent, signal }: AreaCall,
): Promise<MadePicture> {
  const whole = new AreaPreview(task.area, task.plan);
  const steps = whole.frames;
  let step = 0;
  const onFrame = ({ tokens, image }: PaintedFrame) => {
    const entropy = new Float32Array(0);
    const preview = whole.done(image);
    const progress = (step + 1) / steps;
    onEvent({ type: 'step', step, steps, progress, preview, tokens, entropy });
    step++;
    if (step < steps) onEvent({ type: 'preview', step, steps, progress, preview: whole.whole });
  };
  const onPart = (event: PipelineEvent) => {
    if (event.type === 'image') return;
    const preview = whole.inProgress(step, event.preview);
    onEvent({ type: 'preview', step, steps, progress: event.progress, preview });
  };
  return paintTask(studio, { request, area: task }, options, { signal, done, onFrame, onEvent: onPart });
}
