/**
 * A batch as windows ask for it and watch it.
 */
import { ERROR_CODES, type SerializedError } from '../base/errors.ts';
import {
  fields,
  finite,
  flag,
  integer,
  list,
  nullable,
  oneOf,
  optional,
  type Parser,
  text,
} from '../contracts/parse.ts';
import type { FailedPicture } from './batch-event.ts';
import { type OutputOptions, parseOutputOptions } from './batch-options.ts';
import { type BatchPlan, parsePlan } from './plan.ts';

export interface BatchOrder {
  readonly plan: BatchPlan;
  readonly output: OutputOptions;
  /** Folder on the host. */
  readonly out: string;
  /** Id of the model for entries that name none. */
  readonly model: string | null;
  /** Whether all pictures are put onto contact sheets in the end. */
  readonly sheet: boolean;
  /** Whether pictures of another plan in the folder are kept where they are the same, and replaced where they are not. */
  readonly acceptChanges: boolean;
}

/** What a batch would be. */
export interface BatchCount {
  readonly count: number;
  /** Pictures that are there already. */
  readonly done: number;
  /** Names of some files, the first ones. */
  readonly names: readonly string[];
}

export interface BatchForecast {
  /** Milliseconds and bytes for what is not there yet. */
  readonly ms: number;
  readonly bytes: number;
  /** Bytes that are free in the folder, or null. */
  readonly freeBytes: number | null;
}

export const BATCH_PHASES = ['none', 'running', 'stopped', 'done', 'failed'] as const;
export type BatchPhase = (typeof BATCH_PHASES)[number];

/** The host's batch: there is one at a time, and the last one is remembered. */
export interface BatchState {
  readonly phase: BatchPhase;
  readonly order: BatchOrder | null;
  readonly count: number;
  readonly done: number;
  readonly leftMs: number | null;
  /** The file that was written last, or null. */
  readonly last: string | null;
  readonly failed: readonly FailedPicture[];
  /** What ended it, or null. */
  readonly error: SerializedError | null;
}

const whole = integer(0, Number.MAX_SAFE_INTEGER);

const serializedError = fields<SerializedError>({
  code: oneOf(...ERROR_CODES),
  message: text,
  hint: optional(text),
  detail: optional(text),
});

export const parseBatchOrder: Parser<BatchOrder> = fields<BatchOrder>({
  plan: parsePlan,
  output: parseOutputOptions,
  out: text,
  model: nullable(text),
  sheet: flag,
  acceptChanges: flag,
});

export const parseBatchCount: Parser<BatchCount> = fields<BatchCount>({
  count: whole,
  done: whole,
  names: list(text),
});

export const parseBatchForecast: Parser<BatchForecast> = fields<BatchForecast>({
  ms: finite,
  bytes: finite,
  freeBytes: nullable(finite),
});

export const parseBatchState: Parser<BatchState> = fields<BatchState>({
  phase: oneOf(...BATCH_PHASES),
  order: nullable(parseBatchOrder),
  count: whole,
  done: whole,
  leftMs: nullable(finite),
  last: nullable(text),
  failed: list(fields<FailedPicture>({ n: whole, file: text, error: serializedError })),
  error: nullable(serializedError),
});
