/**
 * Line art: where a pen would draw.
 */
import { gaussianBlur } from './gaussian-blur.ts';
import type { Mask } from './mask.ts';
import { planeOnWhite } from './plane-on-white.ts';
import type { RgbaImage } from './rgba.ts';

/** Of the wider Gaussian over the narrower one: about a Laplacian. */
const RATIO = 1.6;
/** What the difference of both says at the most beside a step of height 1: Φ(x) − Φ(x / RATIO) at x² = 2 ln RATIO / (1 − RATIO⁻²). */
const STEP_RESPONSE = 0.1117;
/** Share of the brightest line that is taken for noise. */
const FLOOR = 0.08;
/** A step of half of what is possible is as bright as a line can be. */
const GAIN = 2;

/**
 * White on black: dark strokes, and the dark side of edges. Winnemöller, Kyprianidis and Olsen, "XDoG: An eXtended
 * difference-of-Gaussians compendium", 2012, with a ramp in the place of the threshold.
 *
 * @param width standard deviation of the strokes that are looked for in pixels, above 0
 */
export function lineArt(image: RgbaImage, width: number): Mask {
  const light = luminance(image);
  const near = gaussianBlur(light, image.width, image.height, width);
  const around = gaussianBlur(light, image.width, image.height, width * RATIO);
  const data = Uint8Array.from(near, (value, i) => {
    const darker = (GAIN * (around[i]! - value)) / (255 * STEP_RESPONSE);
    return Math.round(255 * Math.max(0, Math.min(1, (darker - FLOOR) / (1 - FLOOR))));
  });
  return { width: image.width, height: image.height, data };
}

/** Rec. 601, 0 … 255. */
function luminance(image: RgbaImage): Float32Array {
  const [red, green, blue] = [0, 1, 2].map((color) => planeOnWhite(image, color)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  return red.map((value, i) => 0.299 * value + 0.587 * green[i]! + 0.114 * blue[i]!);
}
