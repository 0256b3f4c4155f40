/**
 * The VQVAE's encoder and decoder at run time.
 */
import { float32, floats, type Runtime, type Session } from '../runtime.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import { buildDecoder, buildEncoder } from './autoencoder-graph.ts';
import { downsampling, type VqConfig } from './config.ts';

export class Autoencoder {
  readonly config: VqConfig;
  /** Side of the latent, P. */
  readonly size: number;
  readonly #index: TensorIndex;
  readonly #runtime: Runtime;
  #encoder: Promise<Session> | undefined;
  #decoder: Promise<Session> | undefined;

  constructor(index: TensorIndex, config: VqConfig, size: number, runtime: Runtime) {
    this.#index = index;
    this.config = config;
    this.size = size;
    this.#runtime = runtime;
  }

  /** Side of the picture in pixels. */
  get pixels(): number {
    return this.size * downsampling(this.config);
  }

  /** (1, 3, H, W) in [−1, 1] → (1, Z, P, P) */
  async encode(image: Float32Array): Promise<Float32Array> {
    this.#encoder ??= this.#runtime.createSession(buildEncoder(this.#index, this.config, this.size));
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
    this.#decoder ??= this.#runtime.createSession(buildDecoder(this.#index, this.config, this.size));
    await this.#decoder;
  }

  async dispose(): Promise<void> {
    await (await this.#encoder)?.dispose();
    await (await this.#decoder)?.dispose();
  }
}
