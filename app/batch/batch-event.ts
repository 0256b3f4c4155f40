/**
 * What a batch tells while it runs.
 */
import type { SerializedError } from '../base/errors.ts';

/** A picture that could not be made, whatever was tried. */
export interface FailedPicture {
  /** Number of the picture in the plan, from 1. */
  readonly n: number;
  readonly file: string;
  readonly error: SerializedError;
}

export type BatchEvent =
  /** How many pictures the plan has, and how many of them were there already. */
  | { readonly type: 'start'; readonly count: number; readonly done: number }
  /** A picture is there. `done` counts all that are; `leftMs` is how long the rest takes, or null while it is not known. */
  | {
      readonly type: 'picture';
      readonly n: number;
      readonly file: string;
      readonly bytes: number;
      readonly done: number;
      readonly count: number;
      readonly leftMs: number | null;
    }
  /** Something went wrong and is tried again. */
  | { readonly type: 'retry'; readonly n: number; readonly file: string; readonly error: SerializedError }
  | ({ readonly type: 'failed' } & FailedPicture)
  /** In words: nobody works, somebody refuses. */
  | { readonly type: 'warning'; readonly message: string }
  /** A contact sheet or a grid was written. */
  | { readonly type: 'sheet'; readonly file: string };

export interface BatchResult {
  /** Pictures of the plan. */
  readonly count: number;
  /** Those that were made now. */
  readonly made: number;
  readonly failed: readonly FailedPicture[];
}
