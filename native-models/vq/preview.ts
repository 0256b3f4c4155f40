/**
 * The linear preview of a VQVAE, fitted to latents of random coarse tokens.
 */
import { FIT_SIZE, fitLinearPreview, type PreviewMap } from '../autoencoder/preview.ts';
import type { Runtime } from '../runtime.ts';
import { TorchRandom } from '../sampling/torch-random.ts';
import type { VqWeights } from './config.ts';
import { Quantizer } from './quantizer.ts';
import { scalePyramid, tokenCount } from './scales.ts';

const FIT_SCALES = scalePyramid([1, 2, FIT_SIZE]);
const FIT_SEED = 1;

export async function fitPreview(weights: VqWeights, runtime: Runtime): Promise<PreviewMap> {
  const quantizer = await Quantizer.load(weights, FIT_SCALES, runtime);
  const random = new TorchRandom(FIT_SEED);
  const draw = async () => {
    const { vocabulary } = weights.config;
    const tokens = Int32Array.from(random.rand(tokenCount(FIT_SCALES)), (value) => value * vocabulary);
    return (await quantizer.latents(tokens)).at(-1) as Float32Array;
  };
  try {
    return await fitLinearPreview(weights, draw, runtime);
  } finally {
    await quantizer.dispose();
  }
}
