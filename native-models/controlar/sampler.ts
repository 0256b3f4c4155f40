/**
 * From a token's logits to the token.
 * Source: `sample` and `decode_n_tokens` in FoundationVision/LlamaGen `autoregressive/models/generate.py` (commit ce98ec4).
 */
import { StudioError } from '../../app/base/errors.ts';
import { interpolateGuidance } from '../sampling/guidance.ts';
import { softmaxRows } from '../sampling/softmax.ts';
import { TorchRandom } from '../sampling/torch-random.ts';
import { truncateNucleus, truncateTopK } from '../sampling/truncate.ts';
import type { SamplerSettings } from './settings.ts';

const LOWEST_TEMPERATURE = 1e-5;

export class TokenSampler {
  readonly #settings: SamplerSettings;
  readonly #random: TorchRandom;
  /** (V): logits, and then probabilities, of the last token. */
  readonly #row: Float32Array;

  constructor(vocabulary: number, settings: SamplerSettings, seed: number) {
    this.#settings = settings;
    this.#random = new TorchRandom(seed);
    this.#row = new Float32Array(vocabulary);
  }

  /** (V), after truncation, of the token that was sampled last; the next one overwrites them. */
  get probabilities(): Float32Array {
    return this.#row;
  }

  /**
   * Guidance alone: (V), which the next call overwrites.
   *
   * @param position of the token in the picture
   * @param raw (B, V)
   * @throws not-finite when the model's numbers overflowed
   */
  guide(position: number, raw: Float32Array): Float32Array {
    const row = this.#row;
    const { cfg, cfgInterval } = this.#settings;
    // The authors count the tokens after the first.
    const guided = cfgInterval < 0 || position - 1 <= cfgInterval;
    if (cfg > 1 && guided) interpolateGuidance(raw, cfg, row);
    else row.set(raw.subarray(0, row.length));
    checkFinite(row, position);
    return row;
  }

  /** Temperature, truncation and a draw, of what {@link guide} gave. */
  draw(): number {
    this.#truncate();
    return this.#random.multinomial(this.#row, this.#row.length)[0]!;
  }

  /** As {@link draw}, for a token that is known: the random stream goes on as if it had been drawn. */
  skip(): void {
    this.#truncate();
    this.#random.skipExponential(this.#row.length);
  }

  /** The random stream goes on as if so many tokens had been drawn. */
  skipTokens(count: number): void {
    this.#random.skipExponential(count * this.#row.length);
  }

  #truncate(): void {
    const row = this.#row;
    const { temperature, topK, topP } = this.#settings;
    const divisor = Math.fround(Math.max(temperature, LOWEST_TEMPERATURE));
    if (divisor !== 1) for (let i = 0; i < row.length; i++) row[i]! /= divisor;
    truncateTopK(row, row.length, topK);
    truncateNucleus(row, row.length, topP);
    softmaxRows(row, row.length);
  }
}

function checkFinite(values: Float32Array, position: number): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new StudioError('not-finite', `The model gave numbers that are not finite at token ${position}.`, {
        hint: 'Try --precision fp32, another provider, or check the checkpoint.',
      });
    }
  }
}
