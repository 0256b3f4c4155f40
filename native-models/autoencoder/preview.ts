/**
 * The instant preview: a linear map from each latent pixel to a colour, fitted to the model's own decoder.
 * It costs microseconds where a decode costs a large part of the picture.
 */

import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import { leastSquares } from '../../app/math/least-squares.ts';
import type { Runtime } from '../runtime.ts';
import { Autoencoder } from './autoencoder.ts';
import type { AutoencoderWeights } from './autoencoder-config.ts';
import { squareGrid } from './token-grid.ts';

/** (Z + 1, 3): latent channels and a constant 1, to red, green and blue in [0, 1]. */
export type PreviewMap = readonly number[];

/** Side of the latents that are fitted: a small one is enough, convolutions do not care. */
export const FIT_SIZE = 4;
const FIT_PICTURES = 8;
const RIDGE = 1e-3;

/** Paints a latent (Z, rows, columns) as a picture of as many pixels. */
export function paintPreview(map: PreviewMap, latent: Float32Array, rows: number, columns = rows): RgbImage {
  const pixels = rows * columns;
  const channels = latent.length / pixels;
  const data = new Uint8Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let color = 0; color < 3; color++) {
      let value = map[channels * 3 + color] as number;
      for (let z = 0; z < channels; z++)
        value += (latent[z * pixels + pixel] as number) * (map[z * 3 + color] as number);
      data[pixel * 3 + color] = Math.max(0, Math.min(255, Math.round(value * 255)));
    }
  }
  return { width: columns, height: rows, data };
}

/**
 * Decodes latents and fits the decoder's mean colour of each latent pixel.
 *
 * @param draw gives random latents such as the model's, (Z, FIT_SIZE, FIT_SIZE)
 */
export async function fitLinearPreview(
  weights: AutoencoderWeights,
  draw: () => Promise<Float32Array>,
  runtime: Runtime,
): Promise<PreviewMap> {
  const { latentChannels } = weights.config;
  const autoencoder = new Autoencoder(weights, squareGrid(FIT_SIZE), { ...runtime, precision: 'fp32' }, { once: true });
  try {
    return await fitColors(latentChannels, draw, (latent) => autoencoder.decode(latent));
  } finally {
    await autoencoder.dispose();
  }
}

/**
 * As `fitLinearPreview`, of any decoder.
 *
 * @param channels Z
 * @param decode (Z, FIT_SIZE, FIT_SIZE) → (3, H, W), about [−1, 1]
 */
export async function fitColors(
  channels: number,
  draw: () => Promise<Float32Array>,
  decode: (latent: Float32Array) => Promise<Float32Array>,
): Promise<PreviewMap> {
  const inputs = channels + 1;
  const rows = FIT_PICTURES * FIT_SIZE ** 2;
  const x = new Float64Array(rows * inputs);
  const y = new Float64Array(rows * 3);
  for (let picture = 0; picture < FIT_PICTURES; picture++) {
    const latent = await draw();
    const image = await decode(latent);
    const colors = meanColors(image, Math.sqrt(image.length / 3) / FIT_SIZE);
    fillRows(x, y, picture, { latent, colors, inputs });
  }
  return Array.from(leastSquares(x, y, rows, RIDGE));
}

/** Mean colours in [0, 1] of factor×factor blocks of (1, 3, H, W) in [−1, 1]: (blocks², 3). */
function meanColors(image: Float32Array, factor: number): Float64Array {
  const side = Math.sqrt(image.length / 3);
  const blocks = side / factor;
  const colors = new Float64Array(blocks * blocks * 3);
  for (let i = 0; i < image.length; i++) {
    const [color, row, column] = [Math.floor(i / side / side), Math.floor(i / side) % side, i % side];
    const block = Math.floor(row / factor) * blocks + Math.floor(column / factor);
    const value = (Math.max(-1, Math.min(1, image[i] as number)) + 1) / 2;
    colors[block * 3 + color]! += value / (factor * factor);
  }
  return colors;
}

function fillRows(
  x: Float64Array,
  y: Float64Array,
  picture: number,
  sample: { latent: Float32Array; colors: Float64Array; inputs: number },
): void {
  const pixels = FIT_SIZE ** 2;
  const { latent, colors, inputs } = sample;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const row = picture * pixels + pixel;
    for (let z = 0; z < inputs - 1; z++) x[row * inputs + z] = latent[z * pixels + pixel] as number;
    x[row * inputs + inputs - 1] = 1;
    y.set(colors.subarray(pixel * 3, pixel * 3 + 3), row * 3);
  }
}
