/**
 * The KL autoencoder at run time: pictures ⇄ latents as models see them.
 */
import { Autoencoder } from '../autoencoder/autoencoder.ts';
import { squareGrid } from '../autoencoder/token-grid.ts';
import type { Runtime } from '../runtime.ts';
import { type KlWeights, LATENT_SCALE } from './config.ts';

/** Bounds of the logarithm of the variance. */
const LOG_VARIANCE = { min: -30, max: 20 };

/** The distribution of a picture's latent, (1, Z, P, P) each, in the autoencoder's own units. */
export interface Posterior {
  readonly mean: Float32Array;
  readonly logVariance: Float32Array;
}

export class KlAutoencoder {
  readonly #autoencoder: Autoencoder;

  /** @param size side of the latent, P */
  constructor(weights: KlWeights, size: number, runtime: Runtime) {
    this.#autoencoder = new Autoencoder(weights, squareGrid(size), runtime);
  }

  /** Side of the picture in pixels. */
  get pixels(): number {
    return this.#autoencoder.width;
  }

  get size(): number {
    return this.#autoencoder.grid.columns;
  }

  get channels(): number {
    return this.#autoencoder.config.latentChannels;
  }

  /** @param image (1, 3, H, W) in [−1, 1] */
  async posterior(image: Float32Array): Promise<Posterior> {
    const moments = await this.#autoencoder.encode(image);
    const half = moments.length / 2;
    const logVariance = moments
      .subarray(half)
      .map((value) => Math.max(LOG_VARIANCE.min, Math.min(LOG_VARIANCE.max, value)));
    return { mean: moments.slice(0, half), logVariance };
  }

  /**
   * The mean of a picture's latent, (Z, P, P), as models see it. Training draws from the posterior instead; a picture that is
   * painted on wants the same latent each time.
   */
  async encode(image: Float32Array): Promise<Float32Array> {
    const { mean } = await this.posterior(image);
    return mean.map((value) => value * LATENT_SCALE);
  }

  /** A latent (Z, P, P) as models see it → (1, 3, H, W), about [−1, 1] and not clamped. */
  decode(latent: Float32Array): Promise<Float32Array> {
    return this.decodeRaw(latent.map((value) => value / LATENT_SCALE));
  }

  /** As `decode`, in the autoencoder's own units. */
  decodeRaw(latent: Float32Array): Promise<Float32Array> {
    return this.#autoencoder.decode(latent);
  }

  dispose(): Promise<void> {
    return this.#autoencoder.dispose();
  }
}
