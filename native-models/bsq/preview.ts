/**
 * The linear preview of Infinity's tokenizer, fitted to latents of random bits: a colour for each latent pixel.
 */
import { FIT_SIZE, fitLinearPreview, type PreviewMap } from '../autoencoder/preview.ts';
import { squareGrid } from '../autoencoder/token-grid.ts';
import type { Runtime } from '../runtime.ts';
import { TorchRandom } from '../sampling/torch-random.ts';
import { type BsqWeights, bitsPerToken } from './config.ts';
import { Quantizer } from './quantizer.ts';

/** Sides of the latents of each scale: as much of it even as fine. */
const FIT_SIDES = [1, 2, FIT_SIZE];
const FIT_SEED = 1;

export function fitPreview(weights: BsqWeights, runtime: Runtime): Promise<PreviewMap> {
  const { config } = weights;
  const sides = FIT_SIDES.map((side) => side / config.patch).filter(Number.isInteger);
  const quantizer = new Quantizer(config, sides.map(squareGrid));
  const random = new TorchRandom(FIT_SEED);
  const count = (quantizer.offsets.at(-1) as number) * bitsPerToken(config);
  const draw = async () => {
    const bits = Int32Array.from(random.rand(count), Math.round);
    return quantizer.latents(bits).at(-1) as Float32Array;
  };
  return fitLinearPreview(weights, draw, runtime);
}
