/**
 * VAR's loop over the scales.
 * Source: VAR paper §3.2; `autoregressive_infer_cfg` in FoundationVision/VAR `models/var.py` (commit 78b9539).
 */
import type { Quantizer } from '../vq/quantizer.ts';
import type { Kept } from './edit-mask.ts';
import { type ScaleForcing, ScaleSampler } from './sampler.ts';
import type { VarSettings } from './settings.ts';
import type { Transformer } from './transformer.ts';

export interface ScaleStep {
  readonly scale: number;
  /** (2, L, V), conditional then unconditional, before guidance. */
  readonly rawLogits: Float32Array;
  /** (L, V) after guidance and before truncation; only when `keepLogits` is asked for. */
  readonly logits: Float32Array | undefined;
  /** (L, V) after truncation: −∞ where a code cannot be drawn. */
  readonly truncated: Float32Array;
  /** (L) */
  readonly tokens: Int32Array;
  /** (L, Z): the codes that went into the latent. */
  readonly codes: Float32Array;
  /** f_hat (1, Z, P, P) after this scale. */
  readonly latent: Float32Array;
  /** The next scale's input, (L', Z). */
  readonly next: Float32Array;
  /** (2, L, C) after each block, when the transformer gives them. */
  readonly blocks: readonly Float32Array[];
}

export interface GenerateOptions {
  /** Class; `classes` stands for none. */
  readonly label: number;
  readonly settings: VarSettings;
  readonly seed: number;
  readonly kept?: Kept | undefined;
  /** Recorded choices to follow instead of drawing. */
  readonly forcing?: ScaleForcing | undefined;
  readonly keepLogits?: boolean;
}

/** Yields after every scale, coarse to fine. */
export async function* generateScales(
  transformer: Transformer,
  quantizer: Quantizer,
  options: GenerateOptions,
): AsyncGenerator<ScaleStep> {
  const { pyramid } = transformer;
  const sampler = new ScaleSampler(quantizer, options.settings, options.seed, options.forcing);
  const state = await transformer.begin(options.label);
  let latent = quantizer.emptyLatent();
  let next: Float32Array = new Float32Array(0);
  for (let scale = 0; scale < pyramid.patchNums.length; scale++) {
    const output = await state.step(scale, next);
    const { tokens, codes, ...sampled } = sampler.sample(scale, output.logits, options.keepLogits === true);
    const kept = options.kept ? keepCodes(quantizer, scale, codes, options.kept) : codes;
    ({ latent, next } = await quantizer.accumulate(scale, kept, latent));
    yield { scale, rawLogits: output.logits, ...sampled, tokens, codes: kept, latent, next, blocks: output.blocks };
  }
}

/** Puts the codes of kept tokens over the sampled ones. */
function keepCodes(quantizer: Quantizer, scale: number, codes: Float32Array, kept: Kept): Float32Array {
  const { offsets } = quantizer.pyramid;
  const z = quantizer.config.latentChannels;
  const result = codes.slice();
  const truth = quantizer.lookUp(kept.tokens.subarray(offsets[scale], offsets[scale + 1]));
  for (let i = 0; i < codes.length / z; i++) {
    if (kept.mask[(offsets[scale] as number) + i]) result.set(truth.subarray(i * z, (i + 1) * z), i * z);
  }
  return result;
}
