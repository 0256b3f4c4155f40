/**
 * An autoencoder's encoder and decoder at run time.
 */
import { float32, floats, type Runtime, type Session, type SessionOptions, targetOf } from '../runtime.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import { type AutoencoderConfig, type AutoencoderWeights, downsampling } from './autoencoder-config.ts';
import { buildDecoder, buildEncoder } from './autoencoder-graph.ts';
import { quantizedDecoder } from './quantized-weights.ts';
import type { TokenGrid } from './token-grid.ts';

/** From here on a picture's difference to the exact one is seen: below 30 dB; at 1.2 it is 34 dB (the starter's pictures). */
const MAX_STRAIN = 1.5;

export class Autoencoder {
  readonly config: AutoencoderConfig;
  /** Of the latent. */
  readonly grid: TokenGrid;
  readonly #weights: AutoencoderWeights;
  readonly #runtime: Runtime;
  readonly #options: SessionOptions;
  #encoder: Promise<Session> | undefined;
  #decoder: Promise<Session> | undefined;
  #exactDecoder: Promise<Session> | undefined;

  constructor(weights: AutoencoderWeights, grid: TokenGrid, runtime: Runtime, options: SessionOptions = {}) {
    this.#weights = weights;
    this.config = weights.config;
    this.grid = grid;
    this.#runtime = runtime;
    this.#options = options;
  }

  /** Of the picture, in pixels. */
  get height(): number {
    return this.grid.rows * downsampling(this.config);
  }

  get width(): number {
    return this.grid.columns * downsampling(this.config);
  }

  /** (1, 3, H, W) in [−1, 1] → (1, Z', rows, columns), see `buildEncoder` */
  async encode(image: Float32Array): Promise<Float32Array> {
    this.#encoder ??= this.#runtime.createSession(
      buildEncoder(targetOf(this.#runtime), this.#weights, this.grid),
      this.#options,
    );
    const session = await this.#encoder;
    return floats(await session.run({ image: float32(image, 1, 3, this.height, this.width) }), 'latent');
  }

  /**
   * (1, Z, rows, columns) → (1, 3, H, W), about [−1, 1] and not clamped. A latent that strains the 8-bit decoder is decoded exactly:
   * some pictures have single pixels of a hundred times the others' size inside.
   */
  async decode(latent: Float32Array): Promise<Float32Array> {
    await this.prepareDecoder();
    const { rows, columns } = this.grid;
    const feeds = { latent: float32(latent, 1, this.config.latentChannels, rows, columns) };
    const decoded = await ((await this.#decoder) as Session).run(feeds);
    if (!decoded.strain || (floats(decoded, 'strain')[0] as number) <= MAX_STRAIN) return floats(decoded, 'image');
    this.#exactDecoder ??= this.#createDecoder(this.#weights.index);
    return floats(await (await this.#exactDecoder).run(feeds), 'image');
  }

  /** Creates the decoder's session ahead of its first use. */
  async prepareDecoder(): Promise<void> {
    this.#decoder ??= this.#decoderWeights().then((index) => this.#createDecoder(index));
    await this.#decoder;
  }

  /** With fewer bits, the decoder's convolutions are in 8. */
  async #decoderWeights(): Promise<TensorIndex> {
    const { index } = this.#weights;
    if (this.#runtime.precision === 'fp32') return index;
    const tensors = quantizedDecoder(index, (name) => this.#sideOf(name), this.#runtime);
    return this.#runtime.derive({ kind: 'int8', source: index, tensors });
  }

  #createDecoder(index: TensorIndex): Promise<Session> {
    // The CPU's own convolutions transform their weights first: for a few runs that takes memory and saves no time.
    const target = this.#options.once ? 'gpu' : targetOf(this.#runtime);
    const model = buildDecoder(target, { index, config: this.config }, this.grid);
    return this.#runtime.createSession(model, this.#options);
  }

  /** Shorter side of the images of a tensor's level; undefined for tensors of no level. */
  #sideOf(name: string): number | undefined {
    const level = /^decoder\.up\.(\d+)\./.exec(name)?.[1];
    const { rows, columns } = this.grid;
    return level === undefined ? undefined : Math.min(rows, columns) * 2 ** (this.config.levels - 1 - Number(level));
  }

  async dispose(): Promise<void> {
    await (await this.#encoder)?.dispose();
    await (await this.#decoder)?.dispose();
    await (await this.#exactDecoder)?.dispose();
  }
}
