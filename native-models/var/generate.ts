/**
 * VAR's loop over the scales, for one picture or several at once.
 * Source: VAR paper §3.2; `autoregressive_infer_cfg` in FoundationVision/VAR `models/var.py` (commit 78b9539).
 */

import type { KeptTokens } from '../../app/generation/request.ts';
import type { Runtime } from '../runtime.ts';
import type { SampleRowsTask } from '../sampling/sample-rows.ts';
import type { Accumulated, Quantizer } from '../vq/quantizer.ts';
import { type Sampled, type ScaleForcing, ScaleSampler } from './sampler.ts';
import type { VarSettings } from './settings.ts';
import type { ScaleOutput, TransformerState } from './transformer.ts';

/** What the transformer said of a scale. */
export interface ScalePrediction extends Omit<Sampled, 'tokens' | 'codes'> {
  readonly output: ScaleOutput;
}

export interface ScaleStep {
  readonly scale: number;
  /** Undefined for a scale that the transformer's state had behind it: its tokens are all kept. */
  readonly predicted: ScalePrediction | undefined;
  /** (L), as they were drawn. */
  readonly drawn: Int32Array;
  /** (L): the drawn tokens, with the kept ones over them. */
  readonly tokens: Int32Array;
  /** (L, Z): the codes that went into the latent. */
  readonly codes: Float32Array;
  /** f_hat (1, Z, P, P) after this scale. */
  readonly latent: Float32Array;
  /** The next scale's input, (L', Z). */
  readonly next: Float32Array;
}

/** How the tokens of one picture are chosen. */
export interface PictureChoices {
  readonly settings: VarSettings;
  readonly seed: number;
  readonly kept?: KeptTokens | undefined;
  /** Recorded choices to follow instead of drawing. */
  readonly forcing?: ScaleForcing | undefined;
}

/** What runs the pictures. */
export interface GenerateParts {
  readonly quantizer: Quantizer;
  readonly runtime: Runtime;
  readonly keep: SampleRowsTask['keep'];
}

/**
 * Yields after every scale, coarse to fine, a step for each picture.
 *
 * @param states of the pictures' classes: a state's pictures are computed together, states one after the other. Scales that
 *   they have behind them, as many in each, are not run again; their tokens must all be kept, and be those that the state has seen
 * @param choices of all pictures, in the order of the states
 */
export async function* generateScales(
  states: readonly TransformerState[],
  choices: readonly PictureChoices[],
  parts: GenerateParts,
): AsyncGenerator<readonly ScaleStep[]> {
  const { quantizer, runtime, keep } = parts;
  const { patchNums } = quantizer.pyramid;
  const pictures = choices.map((choice) => new Picture(quantizer, runtime, choice));
  const done = (states[0] as TransformerState).scales;
  for (let scale = 0; scale < patchNums.length; scale++) {
    if (scale < done) yield await Promise.all(pictures.map((picture) => picture.takeOver(scale)));
    else yield await predictScale(states, pictures, scale, keep);
  }
}

async function predictScale(
  states: readonly TransformerState[],
  pictures: readonly Picture[],
  scale: number,
  keep: SampleRowsTask['keep'],
): Promise<ScaleStep[]> {
  const steps: Promise<ScaleStep>[] = [];
  let first = 0;
  for (const state of states) {
    const together = pictures.slice(first, first + state.pictures);
    const output = await state.step(together.map(({ next }) => next));
    for (const [i, picture] of together.entries()) {
      const step = picture.sample(scale, output, { pictures: together.length, i, keep });
      // Looked at below, unless the next state fails before.
      step.catch(() => {});
      steps.push(step);
    }
    first += state.pictures;
  }
  return Promise.all(steps);
}

interface Drawn {
  readonly predicted: ScalePrediction | undefined;
  readonly tokens: Int32Array;
  readonly codes: Float32Array;
}

/** A picture in the making: its random stream and its latent. */
class Picture {
  readonly #quantizer: Quantizer;
  readonly #sampler: ScaleSampler;
  readonly #kept: KeptTokens | undefined;
  #sum: Accumulated;

  constructor(quantizer: Quantizer, runtime: Runtime, { settings, seed, kept, forcing }: PictureChoices) {
    this.#quantizer = quantizer;
    this.#sampler = new ScaleSampler(quantizer, runtime, settings, seed, forcing);
    this.#kept = kept;
    this.#sum = { latent: quantizer.emptyLatent(), next: new Float32Array(0) };
  }

  /** The next scale's input, (L, Z). */
  get next(): Float32Array {
    return this.#sum.next;
  }

  async sample(
    scale: number,
    output: ScaleOutput,
    { pictures, i, keep }: { pictures: number; i: number; keep: SampleRowsTask['keep'] },
  ): Promise<ScaleStep> {
    const rows = { logits: output.logits, pictures, picture: i };
    const { tokens, codes, ...sampled } = await this.#sampler.sample(scale, rows, keep);
    return this.#add(scale, { predicted: { output, ...sampled }, tokens, codes });
  }

  /** A scale whose tokens are known, and whose keys and values the transformer has. */
  async takeOver(scale: number): Promise<ScaleStep> {
    this.#sampler.skip(scale);
    const { offsets } = this.#quantizer.pyramid;
    const tokens = (this.#kept as KeptTokens).tokens.slice(offsets[scale], offsets[scale + 1]);
    return this.#add(scale, { predicted: undefined, tokens, codes: this.#quantizer.lookUp(tokens) });
  }

  async #add(scale: number, drawn: Drawn): Promise<ScaleStep> {
    const { tokens, codes } = this.#kept ? keep(this.#quantizer, scale, drawn, this.#kept) : drawn;
    this.#sum = await this.#quantizer.accumulate(scale, codes, this.#sum.latent);
    return { scale, predicted: drawn.predicted, drawn: drawn.tokens, tokens, codes, ...this.#sum };
  }
}

/** Puts kept tokens and their codes over the drawn ones. */
function keep(quantizer: Quantizer, scale: number, drawn: Drawn, kept: KeptTokens): Omit<Drawn, 'predicted'> {
  const { offsets } = quantizer.pyramid;
  const [start, end] = [offsets[scale] as number, offsets[scale + 1] as number];
  const z = quantizer.config.latentChannels;
  const [tokens, codes] = [drawn.tokens.slice(), drawn.codes.slice()];
  const truth = quantizer.lookUp(kept.tokens.subarray(start, end));
  for (let i = 0; i < end - start; i++) {
    if (!kept.mask[start + i]) continue;
    tokens[i] = kept.tokens[start + i] as number;
    codes.set(truth.subarray(i * z, (i + 1) * z), i * z);
  }
  return { tokens, codes };
}
