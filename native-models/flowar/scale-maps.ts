/**
 * Latents of one scale at the size of another.
 * Source: `sample_tokens` in `models/flowar.py` (wangqiang9/FlowAR 5745a96).
 */
import { fromPlanes, toPlanes } from '../latents/planes.ts';
import { applySeparable, areaMatrix, bicubicMatrix } from '../layers/resample-matrix.ts';

/** (side², Z) → planes (Z, size, size), bicubic. */
export function enlarged(latent: Float32Array, side: number, size: number): Float32Array {
  const planes = toPlanes(latent, latent.length / side ** 2);
  return side === size ? planes : applySeparable(bicubicMatrix(side, size), planes, side, size);
}

/**
 * What the transformer sees of a scale when it makes the next one: brought to the picture's size (bicubic) and from there to
 * the next scale's (mean of areas).
 *
 * @param latent (side², Z)
 * @returns (next², Z)
 */
export function nextInput(latent: Float32Array, side: number, next: number, size: number): Float32Array {
  const channels = latent.length / side ** 2;
  return fromPlanes(reduced(enlarged(latent, side, size), size, next), channels);
}

/** The latents of all scales of a picture: planes (Z, size, size) → (L, Z), means of areas as in training. */
export function scaleLatents(planes: Float32Array, sides: readonly number[]): Float32Array {
  const size = sides.at(-1) as number;
  const channels = planes.length / size ** 2;
  const latents = new Float32Array(sides.reduce((sum, side) => sum + side * side, 0) * channels);
  let start = 0;
  for (const side of sides) {
    latents.set(fromPlanes(reduced(planes, size, side), channels), start);
    start += side * side * channels;
  }
  return latents;
}

function reduced(planes: Float32Array, size: number, side: number): Float32Array {
  return side === size ? planes : applySeparable(areaMatrix(size, side), planes, size, side);
}
