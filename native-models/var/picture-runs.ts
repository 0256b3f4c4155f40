/**
 * Runs of pictures that take up what earlier runs have of them.
 */
import { throwIfCancelled } from '../request-checks.ts';
import type { Runtime } from '../runtime.ts';
import type { SampleRowsTask } from '../sampling/sample-rows.ts';
import type { Quantizer } from '../vq/quantizer.ts';
import { generateScales, type PictureChoices, type ScaleStep } from './generate.ts';
import { type Prefix, PrefixCache, type Run } from './prefix-cache.ts';
import { cacheBytes, type Transformer, type TransformerState } from './transformer.ts';

/** A picture to be made. */
export interface PicturePlan extends Omit<PictureChoices, 'forcing'> {
  /** Class; the number of classes stands for none. */
  readonly label: number;
}

export interface PlannedStep extends ScaleStep {
  /** Bits, for each token. */
  readonly entropy: Float32Array;
}

export interface RunOptions {
  readonly keep: SampleRowsTask['keep'];
  /** No other run goes on at the same time: what is remembered may be used up. */
  readonly alone: boolean;
}

/** Keys and values of earlier runs that are kept, beside those of a run, which may be larger by itself. */
const PREFIX_BUDGET = 512 * 2 ** 20;

export class PictureRuns {
  readonly #transformer: Transformer;
  readonly #quantizer: Quantizer;
  readonly #runtime: Runtime;
  readonly #prefixes: PrefixCache;

  constructor(transformer: Transformer, quantizer: Quantizer, runtime: Runtime) {
    this.#transformer = transformer;
    this.#quantizer = quantizer;
    this.#runtime = runtime;
    this.#prefixes = new PrefixCache(transformer.pyramid, PREFIX_BUDGET);
  }

  /** Runs the first scales that several pictures keep of the same one, once for all, unless they are remembered. */
  async prepare(plans: readonly PicturePlan[], signal: AbortSignal): Promise<void> {
    const [first] = plans;
    const scales = this.#prefixes.shared(plans);
    const remembered = this.#prefixes.find(plans)?.scales ?? 0;
    if (!first || plans.length === 1 || scales <= remembered) return;
    for await (const [step] of this.run([first], { keep: 'nothing', alone: false })) {
      throwIfCancelled(signal);
      if (step?.scale === scales - 1) return;
    }
  }

  /** Yields after every scale, a step for each picture; what was run is remembered. */
  async *run(plans: readonly PicturePlan[], { keep, alone }: RunOptions): AsyncGenerator<readonly PlannedStep[]> {
    const found = this.#prefixes.find(plans);
    const groups = this.#transformer.computesRowsAlike ? [plans] : plans.map((plan) => [plan]);
    const states: TransformerState[] = [];
    for (const group of groups) {
      const prefixes = found?.prefixes.slice(states.length, states.length + group.length);
      states.push(await this.#begin(group, prefixes, found?.scales ?? 0, alone));
    }
    const made = plans.map(({ label }) => ({ label, tokens: [] as number[], entropy: [] as Float32Array[] }));
    try {
      const parts = { quantizer: this.#quantizer, runtime: this.#runtime, keep };
      for await (const steps of generateScales(states, plans, parts)) {
        yield steps.map((step, i) => {
          const known = found?.prefixes[i]?.entropy[step.scale];
          const entropy = step.predicted?.entropy ?? (known as Float32Array);
          made[i]?.tokens.push(...step.tokens);
          made[i]?.entropy.push(entropy);
          return { ...step, entropy };
        });
      }
    } finally {
      const pictures = made.map((picture) => ({ ...picture, tokens: Int32Array.from(picture.tokens) }));
      this.#remember(states, pictures);
    }
  }

  async #begin(
    plans: readonly PicturePlan[],
    prefixes: readonly Prefix[] | undefined,
    scales: number,
    alone: boolean,
  ): Promise<TransformerState> {
    const transformer = this.#transformer;
    const labels = plans.map(({ label }) => label);
    const bytes = cacheBytes(transformer.config, transformer.pyramid, plans.length);
    const [only] = prefixes ?? [];
    // Two of its size are too much: the state goes on itself, and what it has beyond is given up.
    if (alone && only?.state.pictures === 1 && 2 * bytes > PREFIX_BUDGET) {
      this.#prefixes.forget(only.state);
      return only.state.rewound(scales);
    }
    this.#prefixes.makeRoom(bytes);
    return prefixes ? transformer.continueFrom(labels, prefixes, scales) : transformer.begin(labels);
  }

  #remember(states: readonly TransformerState[], pictures: Run['pictures']): void {
    let first = 0;
    for (const state of states) {
      this.#prefixes.remember({ state, pictures: pictures.slice(first, first + state.pictures) });
      first += state.pictures;
    }
  }
}
