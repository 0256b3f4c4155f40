/**
 * Infinity's autoencoder at run time: pictures ⇄ latents, for token maps of any size.
 */
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import { signedUnitToRgb } from '../../app/imaging/planes.ts';
import { Autoencoder } from '../autoencoder/autoencoder.ts';
import { sameGrid, type TokenGrid } from '../autoencoder/token-grid.ts';
import type { Runtime } from '../runtime.ts';
import { type BsqConfig, type BsqWeights, latentGrid } from './config.ts';

/** The sessions of the last size stay. */
export class Tokenizer {
  readonly config: BsqConfig;
  readonly #weights: BsqWeights;
  readonly #runtime: Runtime;
  #autoencoder: Autoencoder | undefined;

  constructor(weights: BsqWeights, runtime: Runtime) {
    this.config = weights.config;
    this.#weights = weights;
    this.#runtime = runtime;
  }

  /**
   * @param image (3, H, W) in [−1, 1], 16 pixels for each token of the grid
   * @returns (d, rows·patch, columns·patch) before quantization, as VAREdit reads its source
   */
  async encode(image: Float32Array, grid: TokenGrid): Promise<Float32Array> {
    return (await this.#at(grid)).encode(image);
  }

  /** f_hat (d, rows·patch, columns·patch) → (3, H, W), about [−1, 1] and not clamped. */
  async decode(latent: Float32Array, grid: TokenGrid): Promise<Float32Array> {
    return (await this.#at(grid)).decode(latent);
  }

  /** The picture of f_hat, bytes truncated as the authors do. */
  async paint(latent: Float32Array, grid: TokenGrid): Promise<RgbImage> {
    const autoencoder = await this.#at(grid);
    return signedUnitToRgb(await autoencoder.decode(latent), autoencoder.width, autoencoder.height);
  }

  async #at(grid: TokenGrid): Promise<Autoencoder> {
    const size = latentGrid(this.config, grid);
    if (!this.#autoencoder || !sameGrid(this.#autoencoder.grid, size)) {
      await this.#autoencoder?.dispose();
      this.#autoencoder = new Autoencoder(this.#weights, size, this.#runtime);
    }
    return this.#autoencoder;
  }

  async dispose(): Promise<void> {
    await this.#autoencoder?.dispose();
  }
}
