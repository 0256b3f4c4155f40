/**
 * A list of listeners. Those who own one fire it; everybody else gets `on`.
 */
import { type Disposable, disposable } from './disposable.ts';

export class Emitter<T> {
  readonly #listeners = new Set<{ readonly listener: (value: T) => void }>();

  /** Calls `listener` with every value from now on, until the result is disposed. */
  on(listener: (value: T) => void): Disposable {
    const entry = { listener };
    this.#listeners.add(entry);
    return disposable(() => this.#listeners.delete(entry));
  }

  /** Calls all listeners in the order in which they came. All are called; the first error that one threw is thrown. */
  fire(value: T): void {
    const errors: unknown[] = [];
    for (const { listener } of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
