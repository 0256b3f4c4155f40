/**
 * Prints measurements against their bars and against what they were.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const BASELINES = new URL('./baselines.json', import.meta.url);
/** How much worse than its baseline a measurement may be. */
const SLACK = 1.1;

export class Report {
  #missed = 0;
  #ratios = {};
  #baselines = JSON.parse(readFileSync(BASELINES, 'utf8'));

  /** @param limit the most that meets the bar; a measurement without one only informs */
  measured(name, value, unit, limit) {
    const met = limit === undefined || value <= limit;
    this.#print(name, value, unit, limit === undefined ? '' : `${met ? 'met' : 'MISSED'}: at most ${limit}`);
    if (!met) this.#missed++;
  }

  /** A measurement as a multiple of the reference's, which is the same on every machine; it may not grow by a tenth. */
  compared(name, ratio) {
    this.#ratios[name] = Number(ratio.toFixed(3));
    const limit = (this.#baselines[name] ?? Infinity) * SLACK;
    const met = ratio <= limit;
    this.#print(`${name}, over the reference`, ratio, '×', met ? '' : `WORSE: at most ${limit.toFixed(2)}`);
    if (!met) this.#missed++;
  }

  /** Makes the ratios of this run the baselines. */
  keep() {
    writeFileSync(BASELINES, `${JSON.stringify(this.#ratios, undefined, 2)}\n`);
  }

  /** Returns whether all bars are met. */
  finish() {
    console.log(this.#missed === 0 ? 'All bars are met.' : `${this.#missed} bars are missed.`);
    return this.#missed === 0;
  }

  #print(name, value, unit, verdict) {
    console.log(`${name.padEnd(58)} ${value.toFixed(2).padStart(9)} ${unit.padEnd(3)} ${verdict}`);
  }
}
