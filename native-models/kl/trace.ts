/**
 * Traces of the KL autoencoder, and the image tensors of models that end in it.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { NamedArray } from '../pipeline.ts';
import { type Forced, forcedIntegers } from '../trace/forced-tensors.ts';
import { centreCrop, f32, i32 } from '../trace/named-arrays.ts';
import type { KlAutoencoder } from './kl-autoencoder.ts';

/** Both ways: a picture to its posterior, and the mean back. Pictures are in [−1, 1] here. */
export async function traceKl(autoencoder: KlAutoencoder, forced: Forced): Promise<Map<string, NamedArray>> {
  const { pixels: side, size, channels: Z } = autoencoder;
  const bytes = forcedIntegers(forced, 'input_u8', 3 * side * side);
  if (!bytes) throw new StudioError('bad-request', 'This trace needs a picture: force `input_u8`, (3, H, W) as u8.');
  const image = Float32Array.from(bytes, (byte) => Math.fround(byte / 255) * 2 - 1);
  const { mean, logVariance } = await autoencoder.posterior(image);
  return new Map<string, NamedArray>([
    ['mean', f32(mean, 1, Z, size, size)],
    ['logvar', f32(logVariance, 1, Z, size, size)],
    ['decoded', f32(await autoencoder.decodeRaw(mean), 1, 3, side, side)],
  ]);
}

/** The image, its bytes (rounded), and its centre, which is not clamped. Input: (1, 3, H, W), about [−1, 1]. */
export function latentImageTensors(decoded: Float32Array): [string, NamedArray][] {
  const side = Math.sqrt(decoded.length / 3);
  const image = decoded.map((value) => (value + 1) / 2);
  const levels = Int32Array.from(image, (value) => Math.round(Math.max(0, Math.min(1, value)) * 255));
  return [
    ['image_u8', i32(levels, 1, 3, side, side)],
    ['image_crop', centreCrop(image, side)],
  ];
}
