/**
 * Bits ⇄ latents: residual binary spherical quantization over scales.
 * Source: Infinity, arXiv 2412.04431, section 3.2; FoundationVision/Infinity `infinity/models/bsq_vae/multiscale_bsq.py` and, for what
 * the transformer reads, `infinity/models/infinity.py` (commit 4c27bbb).
 */
import { StudioError } from '../../app/base/errors.ts';
import type { TokenGrid } from '../autoencoder/token-grid.ts';
import { type PlaneResizing, resizePlanes } from '../layers/resize-planes.ts';
import { type BsqConfig, bitsPerToken, latentGrid } from './config.ts';
import { fromTokens, toTokens } from './patches.ts';
import { type Schedule, tokenOffsets } from './schedules.ts';

/**
 * Works on the host: a scale costs a few milliseconds. f_hat is the sum of all scales' codes, each brought to the latent's size
 * (d, H, W).
 */
export class Quantizer {
  readonly config: BsqConfig;
  readonly schedule: Schedule;
  /** First token of each scale, and the count of all tokens last. */
  readonly offsets: readonly number[];

  constructor(config: BsqConfig, schedule: Schedule) {
    this.config = config;
    this.schedule = schedule;
    this.offsets = tokenOffsets(schedule);
  }

  /** f_hat of no scales. */
  emptyLatent(): Float32Array {
    const { rows, columns } = latentGrid(this.config, this.#gridOf(-1));
    return new Float32Array(this.config.latentChannels * rows * columns);
  }

  /**
   * f_hat with the codes of a scale added.
   *
   * @param bits (tokens of the scale, bitsPerToken) of 0 and 1
   */
  accumulate(scale: number, bits: ArrayLike<number>, latent: Float32Array): Float32Array {
    const raised = this.#raise(scale, this.#codes(scale, bits));
    return latent.map((value, i) => value + raised[i]!);
  }

  /** What the transformer reads at the scale after `scale`: f_hat brought to its size, (tokens, bitsPerToken). */
  nextInput(scale: number, latent: Float32Array): Float32Array {
    const grid = this.#gridOf(scale + 1);
    return toTokens(this.#resize(latent, this.#gridOf(-1), grid, 'bilinear'), grid, this.config);
  }

  /**
   * f_hat after each scale.
   *
   * @param bits those of all scales
   * @throws bad-request for bits that are not those of a picture of this schedule
   */
  latents(bits: Int32Array): Float32Array[] {
    this.#check(bits);
    const latents: Float32Array[] = [];
    let latent = this.emptyLatent();
    for (let scale = 0; scale < this.schedule.length; scale++) {
      latent = this.accumulate(scale, this.bitsOf(scale, bits), latent);
      latents.push(latent);
    }
    return latents;
  }

  /** The part of a scale, (tokens, bitsPerToken), of the bits of all scales. */
  bitsOf(scale: number, bits: Int32Array): Int32Array {
    const count = bitsPerToken(this.config);
    return bits.subarray(this.offsets[scale]! * count, this.offsets[scale + 1]! * count);
  }

  /**
   * The bits of all scales for an encoder's latent (d, H, W), coarse to fine: each scale takes the signs of what the scales before left,
   * averaged over the area of its pixels.
   */
  quantize(latent: Float32Array): Int32Array {
    const bits = new Int32Array(this.#bitCount());
    let rest = latent;
    for (const [scale, grid] of this.schedule.entries()) {
      const lowered = toTokens(this.#resize(rest, this.#gridOf(-1), grid, 'area'), grid, this.config);
      const signs = Int32Array.from(lowered, (value) => (value > 0 ? 1 : 0));
      bits.set(signs, this.offsets[scale]! * bitsPerToken(this.config));
      const raised = this.#raise(scale, this.#codes(scale, signs));
      rest = rest.map((value, i) => value - raised[i]!);
    }
    return bits;
  }

  /** Vectors of length 1, (d, rows·patch, columns·patch). */
  #codes(scale: number, bits: ArrayLike<number>): Float32Array {
    const part = 1 / Math.sqrt(this.config.latentChannels);
    const codes = Float32Array.from(bits, (bit) => (bit === 1 ? part : -part));
    return fromTokens(codes, this.#gridOf(scale), this.config);
  }

  /** A scale's planes in the latent's size. */
  #raise(scale: number, planes: Float32Array): Float32Array {
    return this.#resize(planes, this.#gridOf(scale), this.#gridOf(-1), 'bilinear');
  }

  #resize(planes: Float32Array, from: TokenGrid, to: TokenGrid, mode: PlaneResizing): Float32Array {
    return resizePlanes(planes, sizeOf(latentGrid(this.config, from)), sizeOf(latentGrid(this.config, to)), mode);
  }

  /** −1 is the last scale. */
  #gridOf(scale: number): TokenGrid {
    return this.schedule.at(scale) as TokenGrid;
  }

  #bitCount(): number {
    return (this.offsets.at(-1) as number) * bitsPerToken(this.config);
  }

  #check(bits: Int32Array): void {
    const count = this.#bitCount();
    const strange = bits.find((bit) => bit !== 0 && bit !== 1);
    if (bits.length === count && strange === undefined) return;
    const problem = strange === undefined ? `${bits.length} bits were given` : `${strange} is no bit`;
    throw new StudioError('bad-request', `${problem}: a picture of this size has ${count} bits, each 0 or 1.`, {
      hint: 'These tokens come from another model or from a picture of another size.',
    });
  }
}

function sizeOf({ rows, columns }: TokenGrid): { height: number; width: number } {
  return { height: rows, width: columns };
}
