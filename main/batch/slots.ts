/**
 * So many works at a time; further ones wait for their turn.
 */
export class Slots {
  readonly #limit: number;
  readonly #running = new Set<Promise<void>>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Waits for a free slot, then starts the work and returns. What goes wrong in it is for the work to handle. */
  async run(work: () => Promise<void>): Promise<void> {
    while (this.#running.size >= this.#limit) await Promise.race(this.#running);
    const running = work().finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Waits until all works are done. */
  async idle(): Promise<void> {
    await Promise.all(this.#running);
  }
}
