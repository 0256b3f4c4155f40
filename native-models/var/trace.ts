/**
 * Intermediate tensors of a run, under the names that the family's README lists.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { KeptTokens } from '../../app/generation/request.ts';
import type { Autoencoder } from '../autoencoder/autoencoder.ts';
import type { NamedArray } from '../pipeline.ts';
import { bytes, centreCrop, f32, i32, joinFloats } from '../trace/named-arrays.ts';
import { latentSize, type ScalePyramid } from '../vq/scales.ts';
import type { ScalePrediction, ScaleStep } from './generate.ts';

/** Scales whose raw logits are recorded. */
const RAW_LOGIT_SCALES = 4;
/** Scales after which the residual stream of every block is recorded. */
const BLOCK_SCALES = [0, 2];
/** Latents above this side are recorded after every third scale only. */
const ALL_LATENTS_SIDE = 16;

export interface TraceFacts {
  readonly pyramid: ScalePyramid;
  readonly vocabulary: number;
  readonly latentChannels: number;
  readonly width: number;
  readonly depth: number;
  readonly label: number;
  readonly kept: KeptTokens | undefined;
  /** Token positions at which the logits are wanted; all when undefined. */
  readonly logitRows: Int32Array | undefined;
}

/** Collects the steps of a run. */
export class TraceRecorder {
  readonly #facts: TraceFacts;
  readonly #steps: ScaleStep[] = [];

  constructor(facts: TraceFacts) {
    this.#facts = facts;
  }

  record(step: ScaleStep): void {
    this.#steps.push(step);
  }

  async finish(autoencoder: Autoencoder): Promise<Map<string, NamedArray>> {
    const { label, kept, pyramid, vocabulary: V, latentChannels: Z } = this.#facts;
    const total = pyramid.offsets.at(-1) as number;
    const latents = this.#steps.map((step) => step.latent);
    const image = await autoencoder.decode(latents.at(-1) as Float32Array);
    const tensors = new Map<string, NamedArray>([
      ['label', { type: 'i32', shape: [1], data: Int32Array.of(label) }],
      ['tokens', i32(join(this.#steps.map((step) => step.drawn)), 1, total)],
      ['logits', this.#logits()],
      ['keep_bits', bytes(this.#keepBits(), 1, total, Math.ceil(V / 8))],
      ['logits_cond_uncond_s0_3', this.#rawLogits()],
      ...BLOCK_SCALES.map((scale): [string, NamedArray] => [`blocks_s${scale}`, this.#blocks(scale)]),
      ['next_tokens', f32(joinFloats(this.#steps.slice(0, -1).map((step) => step.next)), 1, total - 1, Z)],
      ['f_hat', latentStack(latents, Z, latentSize(pyramid))],
      ...imageTensors(image),
    ]);
    if (kept) {
      tensors.set('force_gt', bytes(kept.mask, total));
      tensors.set('gt_tokens', i32(kept.tokens, 1, total));
      tensors.set('h_after_edit', f32(joinFloats(this.#steps.map((step) => step.codes)), 1, total, Z));
    }
    return tensors;
  }

  /** A trace runs every scale. */
  #predictions(): ScalePrediction[] {
    return this.#steps.map(({ predicted }) => predicted as ScalePrediction);
  }

  #logits(): NamedArray {
    const { vocabulary: V, logitRows } = this.#facts;
    const all = joinFloats(this.#predictions().map(({ logits }) => logits as Float32Array));
    if (!logitRows) return f32(all, 1, all.length / V, V);
    const picked = new Float32Array(logitRows.length * V);
    for (const [i, row] of logitRows.entries()) {
      if (row < 0 || row >= all.length / V)
        throw new StudioError('bad-request', `logits_rows: there is no token ${row}.`);
      picked.set(all.subarray(row * V, (row + 1) * V), i * V);
    }
    return f32(picked, 1, logitRows.length, V);
  }

  /** One bit a code, most significant bit first: 1 where the code can still be drawn. */
  #keepBits(): Uint8Array {
    const { vocabulary: V } = this.#facts;
    const truncated = joinFloats(this.#predictions().map(({ truncated }) => truncated as Float32Array));
    const rowBytes = Math.ceil(V / 8);
    const bits = new Uint8Array((truncated.length / V) * rowBytes);
    for (let i = 0; i < truncated.length; i++) {
      if (truncated[i] === -Infinity) continue;
      const [row, code] = [Math.floor(i / V), i % V];
      bits[row * rowBytes + (code >> 3)]! |= 0x80 >> (code & 7);
    }
    return bits;
  }

  #rawLogits(): NamedArray {
    const { vocabulary: V } = this.#facts;
    const raw = this.#predictions()
      .slice(0, RAW_LOGIT_SCALES)
      .map(({ output }) => output.logits);
    const rows = [0, 1].map((row) => joinFloats(raw.map((logits) => half(logits, row))));
    return f32(joinFloats(rows), 2, (rows[0] as Float32Array).length / V, V);
  }

  #blocks(scale: number): NamedArray {
    const { depth, width } = this.#facts;
    const blocks = this.#predictions()[scale]?.output.blocks ?? [];
    const data = joinFloats(blocks);
    return f32(data, depth, 2, data.length / (depth * 2 * width), width);
  }
}

/** The image in [0, 1], its bytes (rounded), and its centre. Input: (1, 3, H, W), about [−1, 1]. */
function imageTensors(decoded: Float32Array): [string, NamedArray][] {
  const side = Math.sqrt(decoded.length / 3);
  const image = decoded.map((value) => (Math.max(-1, Math.min(1, value)) + 1) / 2);
  const levels = Int32Array.from(image, (value) => Math.round(value * 255));
  return [
    ['image', f32(image, 1, 3, side, side)],
    ['image_u8', i32(levels, 1, 3, side, side)],
    ['image_crop', centreCrop(image, side)],
  ];
}

/** f_hat after every scale, or after scales 0, 3, 6 and 9 where that would be large: (scales, Z, P, P). */
export function latentStack(latents: readonly Float32Array[], channels: number, side: number): NamedArray {
  const wanted = side <= ALL_LATENTS_SIDE ? latents : latents.filter((_, scale) => scale % 3 === 0);
  return f32(joinFloats(wanted), wanted.length, channels, side, side);
}

function half(rows: Float32Array, which: number): Float32Array {
  const size = rows.length / 2;
  return rows.subarray(which * size, (which + 1) * size);
}

function join(parts: readonly Int32Array[]): Int32Array {
  return Int32Array.from(parts.flatMap((part) => Array.from(part)));
}
