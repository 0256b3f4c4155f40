/**
 * Runs works one at a time, in the order in which they were asked for.
 */
import { cancelled } from '../../app/base/errors.ts';

export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Throws what `work` throws, or `cancelled` when `signal` is aborted before its turn. */
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(() => {
      throwIfCancelled(signal);
      return work();
    });
    this.#last = result.catch(() => {});
    return result;
  }
}

export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}
