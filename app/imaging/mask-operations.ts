/**
 * What a person does to a whole mask.
 */
import { StudioError } from '../base/errors.ts';
import { gaussianBlur } from './gaussian-blur.ts';
import type { Mask } from './mask.ts';
import { squaredDistances } from './squared-distances.ts';

/** A pixel of at least this much is in when a mask has to be hard. */
const IN = 128;

/**
 * The mask with all that is nearer than or as near as `radius` to it (Euclidean, between pixel centres); a negative
 * radius takes away what is so near to its outside. The result is hard, 0 or 255: 128 and more counts as in. What lies
 * beyond the border is neither in nor out, so that a mask which touches the border does not shrink away from it.
 *
 * @param radius pixels; 0 gives a copy, soft pixels and all
 * @throws bad-request for a radius that is no finite number
 */
export function growMask(mask: Mask, radius: number): Mask {
  checkRadius(radius);
  const { width, height } = mask;
  if (radius === 0) return { width, height, data: mask.data.slice() };
  const grows = radius > 0;
  const seeds = mask.data.map((value) => (value >= IN === grows ? 1 : 0));
  const distances = squaredDistances(seeds, width, height);
  // No distance within the picture is larger, and the mark for "no seed" is.
  const reach = Math.min(Math.abs(radius), width + height - 1) ** 2;
  const near = grows ? 255 : 0;
  const data = new Uint8Array(distances.length);
  for (let i = 0; i < data.length; i++) data[i] = distances[i]! <= reach ? near : 255 - near;
  return { width, height, data };
}

/**
 * The mask with a soft edge: blurred by a Gaussian with a standard deviation of half the radius, so that an edge fades
 * over about `radius` pixels on either side. The mask is mirrored at the border, which keeps its sum.
 *
 * @param radius pixels, 0 or more; 0 gives a copy
 * @throws bad-request for a radius that is negative or no finite number
 */
export function featherMask(mask: Mask, radius: number): Mask {
  checkRadius(radius);
  if (radius < 0) throw new StudioError('bad-request', 'A mask can be feathered by 0 pixels or more, not by fewer.');
  const { width, height } = mask;
  const blurred = gaussianBlur(Float32Array.from(mask.data), width, height, radius / 2);
  const data = new Uint8Array(blurred.length);
  for (let i = 0; i < data.length; i++) data[i] = blurred[i]! + 0.5;
  return { width, height, data };
}

/**
 * The mask with an edge that fades inwards: nothing beyond it is covered, and from `radius` pixels inside of its edge on it
 * is as it was. The border of the picture is no edge.
 *
 * @param radius pixels, 0 or more; 0 gives a copy
 * @throws bad-request for a radius that is negative or no finite number
 */
export function fadeInwards({ width, height, data }: Mask, radius: number): Mask {
  checkRadius(radius);
  if (radius < 0) throw new StudioError('bad-request', 'A mask can fade over 0 pixels or more, not over fewer.');
  if (!data.includes(0)) return { width, height, data: data.slice() };
  const outside = squaredDistances(
    data.map((value) => (value === 0 ? 1 : 0)),
    width,
    height,
  );
  const faded = data.map((value, i) => value * Math.min(1, Math.sqrt(outside[i]!) / (radius + 1)) + 0.5);
  return { width, height, data: faded };
}

/** What was in is out, and the other way round; soft pixels stay soft. */
export function invertMask({ width, height, data }: Mask): Mask {
  return { width, height, data: data.map((value) => 255 - value) };
}

function checkRadius(radius: number): void {
  if (!Number.isFinite(radius)) throw new StudioError('bad-request', 'The radius is not a number of pixels.');
}
