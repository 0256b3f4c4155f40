/**
 * New pixels put into a picture without a seam: what surrounds them stays to the bit, and their colours are brought to its own
 * along the border.
 */
import { StudioError } from '../base/errors.ts';
import type { RgbImage } from '../generation/pipeline-event.ts';
import { gaussianBlur } from './gaussian-blur.ts';
import { fillHarmonic } from './harmonic-fill.ts';
import type { Mask } from './mask.ts';
import { nearestKnown } from './nearest-known.ts';

/** Shares of the shorter side: widths of the band that has the tone and of the edge, and how far they and pixels reach. */
const BAND = 1 / 32;
const EDGE = 1 / 64;
const TONE_REACH = 1 / 4;
const EDGE_REACH = 1 / 8;
const PIXEL_REACH = 1 / 32;
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
 * there is added to the new pixels: that at the nearest pixel of the border first, so that across the border nothing but the
 * new pixels' own slope is seen, and from there on ever more that of a band along the border, which is one of tone (the
 * membrane of Pérez, Gangnet and Blake, "Poisson Image Editing", 2003), until it fades out.
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
  const border = borderOf(cover);
  const { known } = border;
  const data = original.data.slice();
  for (let color = 0; color < 3; color++) {
    const match = extendDifference(original, fresh, color, border);
    for (let i = 0, at = color; i < known.length; i++, at += 3) {
      if (!known[i]) data[at] = toByte(fresh.data[at]! + match[i]!);
    }
  }
  return { width, height, data };
}

/** How the border of a cover goes on into it, the same for all colours. */
interface Border {
  readonly known: Uint8Array;
  /** Place of the nearest known pixel. */
  readonly nearest: Int32Array;
  /** 1 at the border and level there, 0 and level from `EDGE_REACH` on, or `PIXEL_REACH`. */
  readonly edgeShare: Float32Array;
  readonly pixelShare: Float32Array;
  /** Means of known pixels over a band along the border, and over its very edge. */
  readonly bandMean: KnownMean;
  readonly edgeMean: KnownMean;
}

function borderOf(cover: Mask): Border {
  const { width, height } = cover;
  const known = knownOutside(cover);
  const nearest = nearestKnown(known, width, height);
  const distances = Float32Array.from(nearest, (place, i) => {
    if (place < 0) return Number.POSITIVE_INFINITY;
    return Math.hypot((place % width) - (i % width), Math.floor(place / width) - Math.floor(i / width));
  });
  const side = Math.min(width, height);
  const meanOver = (share: number) => meanOfKnown(known, width, height, side * share);
  return {
    known,
    nearest,
    edgeShare: fading(distances, side * EDGE_REACH),
    pixelShare: fading(distances, side * PIXEL_REACH),
    bandMean: meanOver(BAND),
    edgeMean: meanOver(EDGE),
  };
}

function fading(distances: Float32Array, reach: number): Float32Array {
  return distances.map((distance) => (1 + Math.cos(Math.PI * Math.min(1, distance / Math.max(1, reach)))) / 2);
}

function extendDifference(
  { width, height, data }: RgbImage,
  fresh: RgbImage,
  color: number,
  { known, nearest, edgeShare, pixelShare, bandMean, edgeMean }: Border,
): Float32Array {
  const difference = Float32Array.from(known, (_, i) => data[i * 3 + color]! - fresh.data[i * 3 + color]!);
  const edge = edgeMean(difference);
  const reach = Math.max(1, Math.min(width, height) * TONE_REACH);
  const tone = fillHarmonic(bandMean(difference), known, width, height, { fallback: 0, reach });
  return tone.map((value, i) => {
    const place = nearest[i]!;
    if (!edgeShare[i]) return value;
    return value + edgeShare[i]! * (edge[place]! - value) + pixelShare[i]! * (difference[place]! - edge[place]!);
  });
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

/** Every known pixel as the mean of the known ones around it; what is not known counts for nothing, and becomes 0. */
type KnownMean = (plane: Float32Array) => Float32Array;

function meanOfKnown(known: Uint8Array, width: number, height: number, sigma: number): KnownMean {
  const weights = gaussianBlur(Float32Array.from(known), width, height, sigma);
  return (plane) => {
    const counted = plane.map((value, i) => value * known[i]!);
    return gaussianBlur(counted, width, height, sigma).map((sum, i) => (known[i] ? sum / weights[i]! : 0));
  };
}

function toByte(value: number): number {
  return Math.floor(Math.min(255, Math.max(0, value)) + 0.5);
}
