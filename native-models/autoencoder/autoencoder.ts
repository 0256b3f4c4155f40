/**
 * An autoencoder's encoder and decoder at run time.
 */
import { float32, floats, type Runtime, type Session, type SessionOptions, targetOf } from '../runtime.ts';
import { type AutoencoderConfig, type AutoencoderWeights, downsampling } from './autoencoder-config.ts';
import { buildDecoder, buildEncoder } from './autoencoder-graph.ts';
import { quantizedDecoder } from './quantized-weights.ts';

export class Autoencoder {
  readonly config: AutoencoderConfig;
  /** Side of the latent, P. */
  readonly size: number;
  readonly #weights: AutoencoderWeights;
  readonly #runtime: Runtime;
  readonly #options: SessionOptions;
  #encoder: Promise<Session> | undefined;
  #decoder: Promise<Session> | undefined;

  constructor(weights: AutoencoderWeights, size: number, runtime: Runtime, options: SessionOptions = {}) {
    this.#weights = weights;
    this.config = weights.config;
    this.size = size;
    this.#runtime = runtime;
    this.#options = options;
  }

  /** Side of the picture in pixels. */
  get pixels(): number {
    return this.size * downsampling(this.config);
  }

  /** (1, 3, H, W) in [−1, 1] → (1, Z', P, P), see `buildEncoder` */
  async encode(image: Float32Array): Promise<Float32Array> {
    this.#encoder ??= this.#runtime.createSession(
      buildEncoder(targetOf(this.#runtime), this.#weights, this.size),
      this.#options,
    );
    const session = await this.#encoder;
    return floats(await session.run({ image: float32(image, 1, 3, this.pixels, this.pixels) }), 'latent');
  }

  /** (1, Z, P, P) → (1, 3, H, W), about [−1, 1] and not clamped. */
  async decode(latent: Float32Array): Promise<Float32Array> {
    await this.prepareDecoder();
    const session = (await this.#decoder) as Session;
    const shape = [1, this.config.latentChannels, this.size, this.size];
    return floats(await session.run({ latent: float32(latent, ...shape) }), 'image');
  }

  /** Creates the decoder's session ahead of its first use. */
  async prepareDecoder(): Promise<void> {
    this.#decoder ??= this.#createDecoder();
    await this.#decoder;
  }

  async #createDecoder(): Promise<Session> {
    const { index, config } = this.#weights;
    const runtime = this.#runtime;
    const decoder =
      runtime.precision === 'int8'
        ? await runtime.derive({
            kind: 'int8',
            source: index,
            tensors: quantizedDecoder(index, (name) => this.#sideOf(name), runtime),
          })
        : index;
    return runtime.createSession(buildDecoder(targetOf(runtime), { index: decoder, config }, this.size), this.#options);
  }

  /** Side of the images of a tensor's level; undefined for tensors of no level. */
  #sideOf(name: string): number | undefined {
    const level = /^decoder\.up\.(\d+)\./.exec(name)?.[1];
    return level === undefined ? undefined : this.size * 2 ** (this.config.levels - 1 - Number(level));
  }

  async dispose(): Promise<void> {
    await (await this.#encoder)?.dispose();
    await (await this.#decoder)?.dispose();
  }
}
