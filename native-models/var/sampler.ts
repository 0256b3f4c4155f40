/**
 * From a scale's logits to its tokens and codes.
 * Source: `autoregressive_infer_cfg` in FoundationVision/VAR `models/var.py`, `models/helpers.py` (commit 78b9539).
 */
import { StudioError } from '../../app/base/errors.ts';
import { type Draws, sampleCategorical } from '../sampling/categorical.ts';
import { applyGuidance } from '../sampling/guidance.ts';
import { gumbelNoise, gumbelSoftmax, mixCodebook } from '../sampling/gumbel.ts';
import { TorchRandom } from '../sampling/torch-random.ts';
import { truncateTopK, truncateTopP } from '../sampling/truncate.ts';
import type { Quantizer } from '../vq/quantizer.ts';
import type { VarSettings } from './settings.ts';

/** Recorded choices, all scales concatenated. */
export interface ScaleForcing {
  /** (tokens) */
  readonly tokens?: Int32Array | undefined;
  /** (tokens, V): Gumbel noise of smooth sampling. */
  readonly gumbel?: Float32Array | undefined;
  /** (scales): temperature of smooth sampling. */
  readonly tau?: Float64Array | undefined;
}

export interface Sampled {
  readonly logits: Float32Array | undefined;
  readonly truncated: Float32Array;
  /** (L, V), of `truncated`; empty when the tokens were forced. */
  readonly probabilities: Float32Array;
  readonly tokens: Int32Array;
  readonly codes: Float32Array;
}

/** Temperature of smooth sampling: 0.27·(1 − 0.95·ratio), at least 0.005. */
export function smoothTemperature(ratio: number): number {
  return Math.max(0.27 * (1 - ratio * 0.95), 0.005);
}

export class ScaleSampler {
  readonly #quantizer: Quantizer;
  readonly #settings: VarSettings;
  readonly #random: TorchRandom;
  readonly #forcing: ScaleForcing;

  constructor(quantizer: Quantizer, settings: VarSettings, seed: number, forcing: ScaleForcing = {}) {
    this.#quantizer = quantizer;
    this.#settings = settings;
    this.#random = new TorchRandom(seed);
    this.#forcing = forcing;
  }

  /**
   * @param raw (2, L, V), conditional rows then unconditional
   * @throws not-finite when the model's numbers overflowed
   */
  sample(scale: number, raw: Float32Array, keepLogits: boolean): Sampled {
    const { vocabulary } = this.#quantizer.config;
    const { patchNums } = this.#quantizer.pyramid;
    const { cfg, topK, topP, moreSmooth } = this.#settings;
    const ratio = scale / Math.max(1, patchNums.length - 1);
    const combined = applyGuidance(raw, cfg * ratio); // (L, V)
    checkFinite(combined, scale);
    const logits = keepLogits ? combined.slice() : undefined;
    truncateTopK(combined, vocabulary, topK);
    truncateTopP(combined, vocabulary, topP);
    const { picks: tokens, probabilities } = this.#draw(scale, combined);
    const codes = moreSmooth ? this.#mix(scale, combined, ratio) : this.#quantizer.lookUp(tokens);
    return { logits, truncated: combined, probabilities, tokens, codes };
  }

  /** Leaves the random stream where sampling this scale would have left it. */
  skip(scale: number): void {
    const draws = (this.#quantizer.pyramid.patchNums[scale] as number) ** 2 * this.#quantizer.config.vocabulary;
    this.#random.skipExponential(this.#settings.moreSmooth ? 2 * draws : draws);
  }

  #draw(scale: number, truncated: Float32Array): Draws {
    const { offsets } = this.#quantizer.pyramid;
    const { tokens } = this.#forcing;
    if (tokens) return { picks: tokens.slice(offsets[scale], offsets[scale + 1]), probabilities: new Float32Array(0) };
    return sampleCategorical(truncated, this.#quantizer.config.vocabulary, this.#random);
  }

  /** The mixture of codes by Gumbel-softmax weights. */
  #mix(scale: number, truncated: Float32Array, ratio: number): Float32Array {
    const { vocabulary, latentChannels } = this.#quantizer.config;
    const { offsets } = this.#quantizer.pyramid;
    const range = [offsets[scale], offsets[scale + 1]].map((offset) => (offset as number) * vocabulary);
    const noise = this.#forcing.gumbel?.subarray(range[0], range[1]) ?? gumbelNoise(truncated.length, this.#random);
    const temperature = this.#forcing.tau?.[scale] ?? smoothTemperature(ratio);
    const weights = gumbelSoftmax(truncated, noise, { vocabulary, gain: 1 + ratio, temperature });
    return mixCodebook(weights, this.#quantizer.codebook, vocabulary, latentChannels);
  }
}

function checkFinite(values: Float32Array, scale: number): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new StudioError('not-finite', `The model gave numbers that are not finite at scale ${scale}.`, {
        hint: 'Try --precision fp32, another provider, or check the checkpoint.',
      });
    }
  }
}
