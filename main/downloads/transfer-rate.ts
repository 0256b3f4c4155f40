/**
 * How fast bytes come, over the last seconds.
 */
const WINDOW_MS = 5_000;

export class TransferRate {
  /** Oldest first: when, and how many bytes there were. */
  readonly #samples: { readonly at: number; readonly done: number }[] = [];

  /** @param done bytes so far; fewer than before begin anew */
  add(done: number, now = performance.now()): void {
    if (done < (this.#samples.at(-1)?.done ?? 0)) this.#samples.length = 0;
    this.#samples.push({ at: now, done });
    while (this.#samples.length > 2 && now - (this.#samples[0]?.at ?? now) > WINDOW_MS) this.#samples.shift();
  }

  /** Bytes a second; 0 before it is known, and when nothing has come for as long as the window. */
  perSecond(now = performance.now()): number {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (!first || !last || last === first || now - last.at > WINDOW_MS) return 0;
    return ((last.done - first.done) * 1000) / Math.max(1, now - first.at);
  }
}
