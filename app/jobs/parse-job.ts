/**
 * Jobs and what a window hears of them, checked.
 */
import type { SerializedError } from '../base/errors.ts';
import { ERROR_CODES } from '../base/errors.ts';
import { generationRequest, rgbImage } from '../contracts/engine-contract.ts';
import {
  fields,
  finite,
  flag,
  float32s,
  int32s,
  integer,
  list,
  nullable,
  oneOf,
  optional,
  type Parser,
  text,
  variants,
} from '../contracts/parse.ts';
import { parseId, parseRect } from '../document/parse-document.ts';
import { parsePackedMask } from '../imaging/run-lengths.ts';
import { parseAreaPlan } from '../tasks/parse-area-plan.ts';
import {
  type FinishedPicture,
  type Frame,
  JOB_STATES,
  type Job,
  type JobArea,
  type JobOrigin,
  type QueueEvent,
} from './job.ts';

const count = integer(0, Number.MAX_SAFE_INTEGER);

export const parseOrigin: Parser<JobOrigin> = fields<JobOrigin>({
  painting: text,
  parent: nullable(text),
  branchStep: count,
  live: flag,
  frame: optional(parseRect),
  cover: optional(parsePackedMask),
});

export const parseJob: Parser<Job> = fields<Job>({
  id: text,
  state: oneOf(...JOB_STATES),
  request: generationRequest,
  origin: parseOrigin,
  area: optional(fields<JobArea>({ plan: parseAreaPlan, file: parseId })),
  title: text,
  step: count,
  steps: count,
  progress: finite,
  leftMs: nullable(finite),
  error: nullable(
    fields<SerializedError>({
      code: oneOf(...ERROR_CODES),
      message: text,
      hint: optional(text),
      detail: optional(text),
    }),
  ),
  tokens: int32s,
});

const frame = fields<Frame>({
  job: text,
  origin: parseOrigin,
  step: count,
  steps: count,
  progress: finite,
  leftMs: nullable(finite),
  preview: rgbImage,
});

const finished = fields<FinishedPicture>({
  job: text,
  picture: nullable(text),
  request: generationRequest,
  origin: parseOrigin,
  plan: optional(parseAreaPlan),
  image: rgbImage,
  tokens: int32s,
  entropy: float32s,
  previews: list(rgbImage),
});

type EventOf<Type extends QueueEvent['type']> = Extract<QueueEvent, { type: Type }>;

export const parseQueueEvent: Parser<QueueEvent> = variants<QueueEvent>('type', {
  jobs: fields<EventOf<'jobs'>>({ type: oneOf('jobs'), jobs: list(parseJob), queuePaused: flag }),
  frame: fields<EventOf<'frame'>>({ type: oneOf('frame'), frame }),
  finished: fields<EventOf<'finished'>>({ type: oneOf('finished'), picture: finished }),
});
