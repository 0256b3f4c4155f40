/**
 * How fast this machine computes: the best that was ever measured, because other programs only make it slower.
 */
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fields, finite, type Parser, text } from '../../app/contracts/parse.ts';
import { loadJson, saveJsonText } from '../library/json-file.ts';

interface Kept {
  /** Processor and its threads: a data folder may move to another machine. */
  readonly machine: string;
  readonly speed: number;
}

const parseKept: Parser<Kept> = fields<Kept>({ machine: text, speed: finite });

export class MachineSpeed {
  readonly #path: string;
  readonly #measure: () => Promise<number>;
  #known: Promise<number> | undefined;

  /** @param measure floating-point operations a second */
  constructor(dataFolder: string, measure: () => Promise<number>) {
    this.#path = join(dataFolder, 'cache', 'machine.json');
    this.#measure = measure;
  }

  /** Floating-point operations a second; undefined when they cannot be measured now. */
  get(): Promise<number | undefined> {
    this.#known ??= this.#find();
    return this.#known.catch(() => {
      this.#known = undefined;
      return undefined;
    });
  }

  async #find(): Promise<number> {
    const machine = `${cpus()[0]?.model ?? ''} × ${cpus().length}`;
    const kept = await loadJson(this.#path, (value) => parseKept(value, 'machine'));
    const known = kept?.machine === machine ? kept.speed : 0;
    const speed = Math.max(known, await this.#measure());
    await saveJsonText(this.#path, JSON.stringify({ machine, speed } satisfies Kept));
    return speed;
  }
}
