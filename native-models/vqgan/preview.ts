/**
 * The instant preview's map, fitted to the decoder of VQ-8 or VQ-16.
 */
import { FIT_SIZE, fitColors, type PreviewMap } from '../autoencoder/preview.ts';
import type { Runtime } from '../runtime.ts';
import { TorchRandom } from '../sampling/torch-random.ts';
import type { VqganWeights } from './config.ts';
import { Tokenizer } from './tokenizer.ts';

/** Areas of 2×2 equal tokens: a code alone among others has little to do with its colour. */
const AREA = 2;
const FIT_SEED = 1;

export async function fitPreview(weights: VqganWeights, runtime: Runtime): Promise<PreviewMap> {
  const { vocabulary, codeChannels } = weights.config;
  const tokenizer = new Tokenizer(weights, { ...runtime, precision: 'fp32' }, { once: true });
  const random = new TorchRandom(FIT_SEED);
  const grid = { rows: FIT_SIZE, columns: FIT_SIZE };
  const draw = () => {
    const areas = Int32Array.from(random.rand((FIT_SIZE / AREA) ** 2), (value) => value * vocabulary);
    return tokenizer.lookUp(repeated(areas), grid);
  };
  try {
    return await fitColors(codeChannels, draw, (latent) => tokenizer.decode(latent, grid));
  } finally {
    await tokenizer.dispose();
  }
}

function repeated(areas: Int32Array): Int32Array {
  return Int32Array.from({ length: FIT_SIZE ** 2 }, (_, i) => {
    const [row, column] = [Math.floor(i / FIT_SIZE / AREA), Math.floor((i % FIT_SIZE) / AREA)];
    return areas[row * (FIT_SIZE / AREA) + column]!;
  });
}
