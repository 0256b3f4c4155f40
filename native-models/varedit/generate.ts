/**
 * Infinity's loop over the scales.
 * Source: `autoregressive_infer_cfg` in FoundationVision/Infinity `infinity/models/infinity.py` (commit 4c27bbb).
 */
import type { KeptTokens } from '../../app/generation/request.ts';
import type { TokenGrid } from '../autoencoder/token-grid.ts';
import type { Quantizer } from '../bsq/quantizer.ts';
import type { Schedule } from '../bsq/schedules.ts';
import { BitSampler, guidedLogits, type ScaleSampling } from './bit-sampler.ts';
import type { ScaleOutput, TransformerState } from './transformer.ts';

export interface ScaleStep {
  readonly scale: number;
  readonly output: ScaleOutput;
  /** (L, 2·bits) after temperature and guidance. */
  readonly logits: Float32Array;
  /** (L, bits): the drawn bits, with the kept tokens over them. */
  readonly bits: Int32Array;
  /** (L), in bits */
  readonly entropy: Float32Array;
  /** f_hat (d, H, W) after this scale. */
  readonly latent: Float32Array;
}

/** How the bits of a picture are chosen. */
export interface PictureChoices {
  readonly schedule: Schedule;
  /** Of a token. */
  readonly bits: number;
  readonly seed: number;
  /** Of each scale. */
  readonly sampling: readonly ScaleSampling[];
  readonly kept?: KeptTokens | undefined;
}

/** Yields after every scale, coarse to fine. A source must be in the state. */
export async function* generateScales(
  state: TransformerState,
  quantizer: Quantizer,
  { schedule, bits, seed, sampling, kept }: PictureChoices,
): AsyncGenerator<ScaleStep> {
  const sampler = new BitSampler(bits, seed);
  let latent = quantizer.emptyLatent();
  let next = new Float32Array(0);
  let offset = 0;
  for (const scale of schedule.keys()) {
    const { rows, columns } = schedule[scale] as TokenGrid;
    const output = await state.step(next);
    const choice = sampling[scale] as ScaleSampling;
    const logits = guidedLogits(output.logits, state.rows, choice);
    const drawn = sampler.draw(logits, choice.topP);
    if (kept) keep(drawn.bits, kept, offset, bits);
    latent = quantizer.accumulate(scale, drawn.bits, latent);
    if (scale < schedule.length - 1) next = quantizer.nextInput(scale, latent) as Float32Array<ArrayBuffer>;
    yield { scale, output, logits, bits: drawn.bits, entropy: drawn.entropy, latent };
    offset += rows * columns;
  }
}

/** Puts kept tokens over the drawn ones. */
function keep(drawn: Int32Array, { tokens, mask }: KeptTokens, offset: number, bits: number): void {
  for (let token = 0; token < drawn.length / bits; token++) {
    const from = (offset + token) * bits;
    if (mask[offset + token]) drawn.set(tokens.subarray(from, from + bits), token * bits);
  }
}
