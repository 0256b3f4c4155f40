/**
 * New pixels put into a picture without a seam: what surrounds them stays to the bit, and their colours are brought to its own
 * along the border.
 */
import { StudioError } from '../base/errors.ts';
import type { RgbImage } from '../generation/pipeline-event.ts';
import { gaussianBlur } from './gaussian-blur.ts';
import { fillHarmonic } from './harmonic-fill.ts';
import type { Mask } from './mask.ts';

/** Shares of the shorter side: width of the band that has the tone, and how far tone and detail reach. */
const BAND = 1 / 32;
const TONE_REACH = 1 / 4;
const DETAIL_REACH = 1 / 16;
/** Share of the shorter side below which a picture of coarse tokens has no say in colours. */
const TONE_SIGMA = 3 / 64;
const MIDDLE = 128;

/**
 * The picture with the new pixels in the part that the cover gives up, matched as by `matchSeamless`. Where the cover is 0,
 * every pixel stays as it is; a soft cover mixes.
 *
 * @throws bad-request if the three differ in size
 */
export function compositeSeamless(original: RgbImage, fresh: RgbImage, cover: Mask): RgbImage {
  const matched = matchSeamless(original, fresh, cover).data;
  const data = original.data.slice();
  for (let i = 0; i < data.length; i++) {
    const share = cover.data[Math.floor(i / 3)]! / 255;
    if (share > 0) data[i] = toByte(original.data[i]! + (matched[i]! - original.data[i]!) * share);
  }
  return { ...original, data };
}

/**
 * The new pixels, with colours that meet the picture's along the border of the cover. The difference between the two pictures
 * along the border is added to the new pixels, ever less of it: that of a band along the border, which is one of tone,
 * reaches far, what single pixels of the border differ from it not. So edges meet, and the new pixels' own detail stays (the
 * membrane of Pérez, Gangnet and Blake, "Poisson Image Editing", 2003, with a reach, in two bands).
 *
 * @param fresh must be right outside of the cover too, as far as it can: that is where the colours are compared
 * @throws bad-request if the three differ in size
 */
export function matchSeamless(original: RgbImage, fresh: RgbImage, cover: Mask): RgbImage {
  const { width, height } = original;
  if ([fresh, cover].some((other) => other.width !== width || other.height !== height)) {
    throw new StudioError(
      'bad-request',
      'Two pictures and a mask can be put together only if they have the same size.',
    );
  }
  const known = knownOutside(cover);
  const data = original.data.slice();
  for (let color = 0; color < 3; color++) {
    const match = extendDifference(original, fresh, color, known);
    for (let i = 0, at = color; i < known.length; i++, at += 3) {
      if (!known[i]) data[at] = toByte(fresh.data[at]! + match[i]!);
    }
  }
  return { width, height, data };
}

function extendDifference(
  { width, height, data }: RgbImage,
  fresh: RgbImage,
  color: number,
  known: Uint8Array,
): Float32Array {
  const side = Math.min(width, height);
  const difference = Float32Array.from(known, (_, i) => data[i * 3 + color]! - fresh.data[i * 3 + color]!);
  const tone = meanOfKnown(difference, known, width, height);
  const detail = difference.map((value, i) => value - tone[i]!);
  const far = fillHarmonic(tone, known, width, height, { fallback: 0, reach: Math.max(1, side * TONE_REACH) });
  const near = fillHarmonic(detail, known, width, height, { fallback: 0, reach: Math.max(1, side * DETAIL_REACH) });
  return far.map((value, i) => value + near[i]!);
}

/** The picture with a smooth surface in the place of what the cover gives up, which is not looked at. */
export function fillCovered(image: RgbImage, cover: Mask): RgbImage {
  const { width, height } = image;
  const known = knownOutside(cover);
  const data = image.data.slice();
  for (let color = 0; color < 3; color++) {
    const plane = Float32Array.from(known, (_, i) => image.data[i * 3 + color]!);
    const filled = fillHarmonic(plane, known, width, height, { fallback: MIDDLE });
    for (let i = 0; i < known.length; i++) if (!known[i]) data[i * 3 + color] = toByte(filled[i]!);
  }
  return { width, height, data };
}

/** The new pixels with the colours of the picture that they are a finer one of: their own detail, its tones. */
export function withTonesOf(picture: RgbImage, fresh: RgbImage): RgbImage {
  const { width, height } = picture;
  const data = fresh.data.slice();
  for (let color = 0; color < 3; color++) {
    const difference = Float32Array.from(
      { length: width * height },
      (_, i) => picture.data[i * 3 + color]! - fresh.data[i * 3 + color]!,
    );
    const tone = gaussianBlur(difference, width, height, Math.min(width, height) * TONE_SIGMA);
    for (let i = 0, at = color; i < tone.length; i++, at += 3) data[at] = toByte(fresh.data[at]! + tone[i]!);
  }
  return { width, height, data };
}

function knownOutside(cover: Mask): Uint8Array {
  return cover.data.map((value) => (value === 0 ? 1 : 0));
}

/** Every known pixel as the mean of the known ones around it; what is not known counts for nothing. */
function meanOfKnown(plane: Float32Array, known: Uint8Array, width: number, height: number): Float32Array {
  const sigma = Math.min(width, height) * BAND;
  const sums = gaussianBlur(
    plane.map((value, i) => value * known[i]!),
    width,
    height,
    sigma,
  );
  const weights = gaussianBlur(Float32Array.from(known), width, height, sigma);
  return sums.map((sum, i) => (known[i] ? sum / weights[i]! : 0));
}

function toByte(value: number): number {
  return Math.floor(Math.min(255, Math.max(0, value)) + 0.5);
}
