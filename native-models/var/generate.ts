/**
 * VAR's loop over the scales.
 * Source: VAR paper §3.2; `autoregressive_infer_cfg` in FoundationVision/VAR `models/var.py` (commit 78b9539).
 */

import type { KeptTokens } from '../../app/generation/request.ts';
import type { Quantizer } from '../vq/quantizer.ts';
import { type Sampled, type ScaleForcing, ScaleSampler } from './sampler.ts';
import type { VarSettings } from './settings.ts';
import type { TransformerState } from './transformer.ts';

/** What the transformer said of a scale. */
export interface ScalePrediction extends Omit<Sampled, 'tokens' | 'codes'> {
  /** (2, L, V), conditional then unconditional, before guidance. */
  readonly rawLogits: Float32Array;
  /** (2, L, C) after each block, when the transformer gives them. */
  readonly blocks: readonly Float32Array[];
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

export interface GenerateOptions {
  readonly settings: VarSettings;
  readonly seed: number;
  readonly kept?: KeptTokens | undefined;
  /** Recorded choices to follow instead of drawing. */
  readonly forcing?: ScaleForcing | undefined;
  readonly keepLogits?: boolean;
}

/**
 * Yields after every scale, coarse to fine.
 *
 * @param state of the picture's class. Scales that it has behind it are not run again; their tokens must all be kept, and be
 *   those that the state has seen.
 */
export async function* generateScales(
  state: TransformerState,
  quantizer: Quantizer,
  options: GenerateOptions,
): AsyncGenerator<ScaleStep> {
  const { patchNums } = quantizer.pyramid;
  const sampler = new ScaleSampler(quantizer, options.settings, options.seed, options.forcing);
  const done = state.scales;
  let latent = quantizer.emptyLatent();
  let next: Float32Array = new Float32Array(0);
  for (let scale = 0; scale < patchNums.length; scale++) {
    const drawn =
      scale < done
        ? takeOver(quantizer, sampler, scale, options.kept as KeptTokens)
        : await predict(state, sampler, scale, next, options);
    const { tokens, codes } = options.kept ? keep(quantizer, scale, drawn, options.kept) : drawn;
    ({ latent, next } = await quantizer.accumulate(scale, codes, latent));
    yield { scale, predicted: drawn.predicted, drawn: drawn.tokens, tokens, codes, latent, next };
  }
}

interface Drawn {
  readonly predicted: ScalePrediction | undefined;
  readonly tokens: Int32Array;
  readonly codes: Float32Array;
}

async function predict(
  state: TransformerState,
  sampler: ScaleSampler,
  scale: number,
  next: Float32Array,
  { keepLogits = false }: GenerateOptions,
): Promise<Drawn> {
  const output = await state.step(next);
  const { tokens, codes, ...sampled } = sampler.sample(scale, output.logits, keepLogits);
  return { predicted: { rawLogits: output.logits, blocks: output.blocks, ...sampled }, tokens, codes };
}

/** A scale whose tokens are known, and whose keys and values the transformer has. */
function takeOver(quantizer: Quantizer, sampler: ScaleSampler, scale: number, kept: KeptTokens): Drawn {
  sampler.skip(scale);
  const { offsets } = quantizer.pyramid;
  const tokens = kept.tokens.slice(offsets[scale], offsets[scale + 1]);
  return { predicted: undefined, tokens, codes: quantizer.lookUp(tokens) };
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
