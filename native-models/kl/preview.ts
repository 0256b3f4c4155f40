/**
 * The linear preview of a KL autoencoder, fitted to smooth random latents of about unit variance.
 */
import { FIT_SIZE, fitLinearPreview, type PreviewMap } from '../autoencoder/preview.ts';
import { applySeparable, bicubicMatrix } from '../layers/resample-matrix.ts';
import type { Runtime } from '../runtime.ts';
import { TorchRandom } from '../sampling/torch-random.ts';
import { type KlWeights, LATENT_SCALE } from './config.ts';

/** Sides of the noises that are added up, coarse to fine. */
const NOISE_SIZES = [1, 2, FIT_SIZE];
const FIT_SEED = 1;

/** The map takes latents as models see them. */
export async function fitPreview(weights: KlWeights, runtime: Runtime): Promise<PreviewMap> {
  const random = new TorchRandom(FIT_SEED);
  const { latentChannels } = weights.config;
  const draw = async () => smoothNoise(random, latentChannels).map((value) => value / LATENT_SCALE);
  const map = await fitLinearPreview(weights, draw, runtime);
  const factors = latentChannels * 3;
  return map.map((value, i) => (i < factors ? value / LATENT_SCALE : value));
}

/** (channels, FIT_SIZE, FIT_SIZE), unit variance: as much of it even as fine. */
function smoothNoise(random: TorchRandom, channels: number): Float32Array {
  const sum = new Float32Array(channels * FIT_SIZE ** 2);
  for (const size of NOISE_SIZES) {
    const noise = random.randn(channels * size ** 2);
    const resized = applySeparable(bicubicMatrix(size, FIT_SIZE), noise, size, FIT_SIZE);
    for (let i = 0; i < sum.length; i++) sum[i]! += resized[i]! / Math.sqrt(NOISE_SIZES.length);
  }
  return sum;
}
