/**
 * Pictures of latents, and latents of pictures, for models that paint with a KL autoencoder.
 */
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import { rgbToSignedUnit, signedUnitToRgb } from '../../app/imaging/planes.ts';
import { type PreviewMap, paintPreview } from '../autoencoder/preview.ts';
import type { GenerateOptions } from '../pipeline.ts';
import { checkPictureSize } from '../request-checks.ts';
import type { Runtime } from '../runtime.ts';
import type { KlWeights } from './config.ts';
import { KlAutoencoder } from './kl-autoencoder.ts';
import { fitPreview } from './preview.ts';

export class LatentPainter {
  readonly autoencoder: KlAutoencoder;
  readonly #weights: KlWeights;
  readonly #runtime: Runtime;
  readonly #known: PreviewMap | undefined;
  #preview: Promise<PreviewMap> | undefined;

  /**
   * @param size side of the latent, P
   * @param preview the fitted map, when it is known already
   */
  constructor(weights: KlWeights, size: number, runtime: Runtime, preview?: PreviewMap) {
    this.autoencoder = new KlAutoencoder(weights, size, runtime);
    this.#weights = weights;
    this.#runtime = runtime;
    this.#known = preview;
  }

  /** The picture of a latent (Z, P, P), bytes rounded as the authors of FlowAR and xAR do. */
  async paint(latent: Float32Array): Promise<RgbImage> {
    const { pixels } = this.autoencoder;
    return signedUnitToRgb(await this.autoencoder.decode(latent), pixels, pixels, Math.round);
  }

  /** What shows latents (Z, P, P) on the way. */
  async previewer(previews: GenerateOptions['previews']): Promise<(latent: Float32Array) => Promise<RgbImage>> {
    if (previews === 'decoded') return (latent) => this.paint(latent);
    const map = this.#known ?? (await this.fitPreview());
    return async (latent) => paintPreview(map, latent, this.autoencoder.size);
  }

  fitPreview(): Promise<PreviewMap> {
    this.#preview ??= fitPreview(this.#weights, this.#runtime);
    return this.#preview;
  }

  /** The latent (Z, P, P) of a picture. Throws `bad-request` for one of another size. */
  async encode(image: RgbImage): Promise<Float32Array> {
    checkPictureSize(image, this.autoencoder.pixels);
    return this.autoencoder.encode(rgbToSignedUnit(image));
  }

  dispose(): Promise<void> {
    return this.autoencoder.dispose();
  }
}
