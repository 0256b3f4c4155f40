/**
 * Counts a batch's pictures and tells of them.
 */
import { serializeError } from '../../app/base/errors.ts';
import type { BatchEvent, BatchResult, FailedPicture } from '../../app/batch/batch-event.ts';
import { TimeLeft } from '../../app/jobs/time-left.ts';
import type { BatchPicture } from './prepare-batch.ts';

export type OnBatchEvent = (event: BatchEvent) => void;

export class BatchProgress {
  readonly #onEvent: OnBatchEvent;
  readonly #count: number;
  readonly #toMake: number;
  readonly #timeLeft = new TimeLeft();
  readonly #failed: FailedPicture[] = [];
  #made = 0;

  /** @param toMake how many of the `count` pictures are not there yet */
  constructor(onEvent: OnBatchEvent, count: number, toMake: number) {
    this.#onEvent = onEvent;
    this.#count = count;
    this.#toMake = toMake;
    onEvent({ type: 'start', count, done: count - toMake });
  }

  made({ index, file }: BatchPicture, bytes: number): void {
    this.#made++;
    const progress = (this.#made + this.#failed.length) / this.#toMake;
    const leftMs = this.#timeLeft.update(progress, performance.now()) ?? null;
    const done = this.#count - this.#toMake + this.#made;
    this.#onEvent({ type: 'picture', n: index + 1, file, bytes, done, count: this.#count, leftMs });
  }

  retry({ index, file }: BatchPicture, error: unknown): void {
    this.#onEvent({ type: 'retry', n: index + 1, file, error: serializeError(error) });
  }

  failed({ index, file }: BatchPicture, error: unknown): void {
    const failure: FailedPicture = { n: index + 1, file, error: serializeError(error) };
    this.#failed.push(failure);
    this.#onEvent({ type: 'failed', ...failure });
  }

  warn(message: string): void {
    this.#onEvent({ type: 'warning', message });
  }

  get result(): BatchResult {
    const failed = this.#failed.toSorted((a, b) => a.n - b.n);
    return { count: this.#count, made: this.#made, failed };
  }
}
