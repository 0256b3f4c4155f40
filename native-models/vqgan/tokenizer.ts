/**
 * VQ-8 and VQ-16 at run time: pictures ⇄ tokens.
 */
import { StudioError } from '../../app/base/errors.ts';
import { quantizedDecoder } from '../autoencoder/quantized-weights.ts';
import { sameGrid, type TokenGrid } from '../autoencoder/token-grid.ts';
import { float32, floats, type Runtime, type Session, type SessionOptions, targetOf } from '../runtime.ts';
import { buildDecoder, buildEncoder } from './autoencoder-graph.ts';
import { downsampling, type VqganConfig, type VqganWeights } from './config.ts';

export interface Encoded {
  /** (Z, rows, columns), before it is brought to length 1. */
  readonly latent: Float32Array;
  /** (rows·columns), raster order. */
  readonly tokens: Int32Array;
}

/** A session for pictures of one size. */
interface Sized {
  readonly grid: TokenGrid;
  readonly session: Session;
}

export class Tokenizer {
  readonly config: VqganConfig;
  readonly #weights: VqganWeights;
  readonly #runtime: Runtime;
  readonly #options: SessionOptions;
  /** The sessions of the last size stay. */
  #encoder: Sized | undefined;
  #decoder: Sized | undefined;
  #codebook: Promise<Float32Array> | undefined;

  constructor(weights: VqganWeights, runtime: Runtime, options: SessionOptions = {}) {
    this.config = weights.config;
    this.#weights = weights;
    this.#runtime = runtime;
    this.#options = options;
  }

  /** @param image (3, H, W) in [−1, 1] */
  async encode(image: Float32Array, grid: TokenGrid): Promise<Encoded> {
    if (!sameGrid(this.#encoder?.grid, grid)) {
      await this.#encoder?.session.dispose();
      const model = buildEncoder(targetOf(this.#runtime), this.#weights, grid);
      this.#encoder = { grid, session: await this.#runtime.createSession(model, this.#options) };
    }
    const factor = downsampling(this.config);
    const feeds = { image: float32(image, 1, 3, grid.rows * factor, grid.columns * factor) };
    const fetches = await (this.#encoder as Sized).session.run(feeds);
    return {
      latent: floats(fetches, 'latent'),
      tokens: Int32Array.from(fetches.tokens?.data as BigInt64Array, Number),
    };
  }

  /**
   * The codes of tokens, brought to length 1, as a latent (Z, rows, columns); what has no token yet is 0.
   *
   * @throws bad-request for a token that the codebook does not have
   */
  async lookUp(tokens: Int32Array, { rows, columns }: TokenGrid): Promise<Float32Array> {
    this.#codebook ??= this.#readCodebook();
    const codebook = await this.#codebook;
    const { codeChannels: z, vocabulary } = this.config;
    const pixels = rows * columns;
    const latent = new Float32Array(z * pixels);
    for (const [pixel, token] of tokens.entries()) {
      if (!(token >= 0 && token < vocabulary)) {
        throw new StudioError('bad-request', `Token ${token} is outside the codebook of ${vocabulary} entries.`, {
          hint: 'These tokens come from another model.',
        });
      }
      for (let c = 0; c < z; c++) latent[c * pixels + pixel] = codebook[token * z + c]!;
    }
    return latent;
  }

  /** (Z, rows, columns) → (3, H, W), about [−1, 1] and not clamped. */
  async decode(latent: Float32Array, grid: TokenGrid): Promise<Float32Array> {
    if (!sameGrid(this.#decoder?.grid, grid)) {
      await this.#decoder?.session.dispose();
      this.#decoder = { grid, session: await this.#createDecoder(grid) };
    }
    const feeds = { latent: float32(latent, 1, this.config.codeChannels, grid.rows, grid.columns) };
    return floats(await (this.#decoder as Sized).session.run(feeds), 'image');
  }

  async #createDecoder(grid: TokenGrid): Promise<Session> {
    const { index, config } = this.#weights;
    const runtime = this.#runtime;
    const decoder =
      runtime.precision === 'fp32'
        ? index
        : await runtime.derive({
            kind: 'int8',
            source: index,
            tensors: quantizedDecoder(index, (name) => sideOf(name, grid), runtime),
          });
    return runtime.createSession(buildDecoder(targetOf(runtime), { index: decoder, config }, grid), this.#options);
  }

  /** (V, Z), each row of length 1. */
  async #readCodebook(): Promise<Float32Array> {
    const entry = this.#weights.index.entries.get('quantize.embedding.weight');
    if (!entry) throw new StudioError('corrupt-checkpoint', `${this.#weights.index.file} has no codebook.`);
    const rows = await this.#runtime.readFloats(entry);
    const z = this.config.codeChannels;
    for (let start = 0; start < rows.length; start += z) {
      let sum = 0;
      for (let i = start; i < start + z; i++) sum += rows[i]! ** 2;
      const length = Math.max(Math.sqrt(sum), SMALLEST_LENGTH);
      for (let i = start; i < start + z; i++) rows[i]! /= length;
    }
    return rows;
  }

  async dispose(): Promise<void> {
    await this.#encoder?.session.dispose();
    await this.#decoder?.session.dispose();
  }
}

/** As in PyTorch's `F.normalize`. */
const SMALLEST_LENGTH = 1e-12;

/** Shorter side of the images of a decoder tensor's level; undefined for tensors of no level. */
function sideOf(name: string, { rows, columns }: TokenGrid): number | undefined {
  const level = /^decoder\.conv_blocks\.(\d+)\./.exec(name)?.[1];
  return level === undefined ? undefined : Math.min(rows, columns) * 2 ** Number(level);
}
