/**
 * The multi-scale residual quantizer: token maps ⇄ latent, one scale at a time.
 */
import { StudioError } from '../../app/base/errors.ts';
import { areaMatrix, bicubicMatrix } from '../layers/resample-matrix.ts';
import { type Feeds, float32, floats, int64, type Runtime, type Session, targetOf } from '../runtime.ts';
import type { VqConfig, VqWeights } from './config.ts';
import { buildAccumulate, buildNearestCode } from './quantizer-graph.ts';
import { latentSize, phiIndices, type ScalePyramid, tokenCount } from './scales.ts';

export interface Accumulated {
  /** f_hat (1, Z, P, P) after the scale. */
  readonly latent: Float32Array;
  /** f_hat brought to the next scale's size, (next², Z); empty of meaning after the last scale. */
  readonly next: Float32Array;
}

export class Quantizer {
  readonly config: VqConfig;
  readonly pyramid: ScalePyramid;
  /** (V, Z) */
  readonly codebook: Float32Array;
  readonly #weights: VqWeights;
  readonly #runtime: Runtime;
  readonly #accumulate: Session;
  readonly #phis: readonly number[];
  #nearestCode: Promise<Session> | undefined;

  private constructor(
    weights: VqWeights,
    pyramid: ScalePyramid,
    runtime: Runtime,
    loaded: { codebook: Float32Array; accumulate: Session },
  ) {
    this.config = weights.config;
    this.pyramid = pyramid;
    this.#weights = weights;
    this.#runtime = runtime;
    this.codebook = loaded.codebook;
    this.#accumulate = loaded.accumulate;
    this.#phis = phiIndices(pyramid.patchNums.length, weights.config.phiCount);
  }

  static async load(weights: VqWeights, pyramid: ScalePyramid, runtime: Runtime): Promise<Quantizer> {
    const entry = weights.index.entries.get('quantize.embedding.weight');
    if (!entry) throw new StudioError('corrupt-checkpoint', `${weights.index.file} has no codebook.`);
    const model = buildAccumulate(targetOf(runtime), weights, latentSize(pyramid));
    const accumulate = await runtime.createSession(model);
    return new Quantizer(weights, pyramid, runtime, { codebook: await runtime.readFloats(entry), accumulate });
  }

  /** An empty f_hat, (1, Z, P, P). */
  emptyLatent(): Float32Array {
    return new Float32Array(this.config.latentChannels * latentSize(this.pyramid) ** 2);
  }

  /** The codes of tokens, (tokens, Z). Throws `bad-request` for a token that the codebook does not have. */
  lookUp(tokens: ArrayLike<number>): Float32Array {
    const { latentChannels: z, vocabulary } = this.config;
    const codes = new Float32Array(tokens.length * z);
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i] as number;
      if (!(token >= 0 && token < vocabulary)) {
        throw new StudioError('bad-request', `Token ${token} is outside the codebook of ${vocabulary} entries.`, {
          hint: 'These tokens come from another model.',
        });
      }
      codes.set(this.codebook.subarray(token * z, (token + 1) * z), i * z);
    }
    return codes;
  }

  /** Adds the codes of a scale, (pn², Z), to f_hat. */
  async accumulate(scale: number, codes: Float32Array, latent: Float32Array): Promise<Accumulated> {
    const { patchNums } = this.pyramid;
    const [side, size] = [patchNums[scale] as number, latentSize(this.pyramid)];
    const next = patchNums[scale + 1] ?? 1;
    const { latentChannels: z } = this.config;
    const feeds: Feeds = {
      codes: float32(codes, side, side, z),
      up: float32(bicubicMatrix(side, size), size, side),
      phi: int64([this.#phis[scale] as number], 1),
      latent: float32(latent, 1, z, size, size),
      down: float32(areaMatrix(size, next), next, size),
    };
    const outputs = await this.#accumulate.run(feeds);
    return { latent: floats(outputs, 'sum'), next: floats(outputs, 'next') };
  }

  /** f_hat after each scale, from the tokens of all scales. */
  async latents(tokens: Int32Array): Promise<Float32Array[]> {
    const { offsets, patchNums } = this.pyramid;
    if (tokens.length !== tokenCount(this.pyramid)) {
      throw new StudioError(
        'bad-request',
        `${tokens.length} tokens were given; this model's pictures have ${tokenCount(this.pyramid)}.`,
      );
    }
    const latents: Float32Array[] = [];
    let latent = this.emptyLatent();
    for (let scale = 0; scale < patchNums.length; scale++) {
      const codes = this.lookUp(tokens.subarray(offsets[scale], offsets[scale + 1]));
      latent = (await this.accumulate(scale, codes, latent)).latent;
      latents.push(latent);
    }
    return latents;
  }

  /** Tokens of all scales for an encoder's latent (1, Z, P, P): greedy residual quantization, coarse to fine. */
  async encode(target: Float32Array): Promise<Int32Array> {
    const { offsets, patchNums } = this.pyramid;
    const size = latentSize(this.pyramid);
    this.#nearestCode ??= this.#runtime.createSession(buildNearestCode(targetOf(this.#runtime), this.#weights, size));
    const session = await this.#nearestCode;
    const shape = [1, this.config.latentChannels, size, size];
    const tokens = new Int32Array(tokenCount(this.pyramid));
    let latent = this.emptyLatent();
    for (const [scale, side] of patchNums.entries()) {
      const found = await session.run({
        target: float32(target, ...shape),
        latent: float32(latent, ...shape),
        down: float32(areaMatrix(size, side), side, size),
      });
      const scaleTokens = Int32Array.from(found.tokens?.data as BigInt64Array, Number);
      tokens.set(scaleTokens, offsets[scale]);
      latent = (await this.accumulate(scale, this.lookUp(scaleTokens), latent)).latent;
    }
    return tokens;
  }

  async dispose(): Promise<void> {
    await this.#accumulate.dispose();
    await (await this.#nearestCode)?.dispose();
  }
}
