/**
 * Estimates the time that a run still takes from how fast it has gone since its first step.
 */

/** Share of the work from which on an estimate is worth telling: small steps take longer than their share. */
const MIN_PROGRESS = 0.03;

export class TimeLeft {
  #first: { readonly time: number; readonly progress: number } | undefined;

  /**
   * Milliseconds left; undefined in the beginning. The first step does not count, it also paid for what happens once.
   *
   * @param progress share of the work that is done, 0 … 1
   * @param time now, in milliseconds
   */
  update(progress: number, time: number): number | undefined {
    this.#first ??= { time, progress };
    const done = progress - this.#first.progress;
    return done >= MIN_PROGRESS ? ((time - this.#first.time) / done) * Math.max(0, 1 - progress) : undefined;
  }
}
