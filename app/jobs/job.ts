/**
 * A picture that is waiting, being made, or has been made.
 */
import type { SerializedError } from '../base/errors.ts';
import type { Rect } from '../document/document.ts';
import type { RgbImage } from '../generation/pipeline-event.ts';
import type { GenerationRequest } from '../generation/request.ts';
import type { PackedMask } from '../imaging/run-lengths.ts';
import type { AreaPlan } from '../tasks/paint-area.ts';

export const JOB_STATES = ['waiting', 'running', 'paused', 'done', 'failed', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** Where a picture comes from and belongs to: the host carries it and does not look at it. */
export interface JobOrigin {
  /** Painting that it was asked for; results go to its window. */
  readonly painting: string;
  /** Variant that it branches from. */
  readonly parent: string | null;
  /** Steps that it takes over from the parent. */
  readonly branchStep: number;
  /** Gives way to anything newer of the same painting: a run of live painting. */
  readonly live: boolean;
  /** Where in the painting it goes; left out for the frame as it will be then. */
  readonly frame?: Rect | undefined;
  /** The part of the frame that it is for, in pixels of the painting; left out for all of it. */
  readonly cover?: PackedMask | undefined;
}

/** The area of a job: how it is painted, and the host's file of what is there. */
export interface JobArea {
  readonly plan: AreaPlan;
  readonly file: string;
}

export interface Job {
  readonly id: string;
  readonly state: JobState;
  readonly request: GenerationRequest;
  readonly origin: JobOrigin;
  /** What is painted frame after frame, each a step of the job; left out for a picture of the model's own. */
  readonly area?: JobArea | undefined;
  /** Words for the class, or the empty text. */
  readonly title: string;
  /** Steps done, and how many there are; 0 of 0 before the first. */
  readonly step: number;
  readonly steps: number;
  /** 0 … 1. */
  readonly progress: number;
  /** Milliseconds, or null while it is not known. */
  readonly leftMs: number | null;
  readonly error: SerializedError | null;
  /** Symbols of the tokens of the steps done: a paused job goes on from them, after a crash too. Windows are not told of them. */
  readonly tokens: Int32Array;
}

/** What a window hears of the queue. */
export type QueueEvent =
  | { readonly type: 'jobs'; readonly jobs: readonly Job[]; readonly queuePaused: boolean }
  | { readonly type: 'frame'; readonly frame: Frame }
  | { readonly type: 'finished'; readonly picture: FinishedPicture };

/** A running job as a window shows it: a step that is done, or a look at the one in progress. */
export interface Frame {
  readonly job: string;
  readonly origin: JobOrigin;
  readonly step: number;
  readonly steps: number;
  readonly progress: number;
  readonly leftMs: number | null;
  readonly preview: RgbImage;
}

export interface FinishedPicture {
  readonly job: string;
  /** Id in the library of pictures, or null for a run of live painting, which is not kept. */
  readonly picture: string | null;
  readonly request: GenerationRequest;
  readonly origin: JobOrigin;
  /** How an area was painted; left out for a picture of the model's own. */
  readonly plan?: AreaPlan | undefined;
  readonly image: RgbImage;
  readonly tokens: Int32Array;
  /** Bits, for each token; empty when the model cannot say. */
  readonly entropy: Float32Array;
  /** Of each step. */
  readonly previews: readonly RgbImage[];
}

/** States in which nothing more happens to a job by itself. */
export function isSettled({ state }: Job): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}
