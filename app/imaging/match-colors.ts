/**
 * Makes a picture fit into its surroundings.
 */
import { StudioError } from '../base/errors.ts';
import type { RgbImage } from '../generation/pipeline-event.ts';
import type { Mask } from './mask.ts';

/** How much the contrast of a colour may be changed at most. */
const MIN_GAIN = 0.5;
const MAX_GAIN = 2;

/**
 * The whole picture with the mean and the standard deviation of each colour changed so that, where the mask is, they
 * are those of the reference (Reinhard et al., "Color Transfer between Images", 2001, in RGB). Soft pixels of the mask
 * count less. The deviation is scaled by 0.5 … 2 at most, and not at all where the picture has only one level; an empty
 * mask gives a copy.
 *
 * @throws bad-request if the three differ in size
 */
export function matchColors(image: RgbImage, reference: RgbImage, where: Mask): RgbImage {
  const { width, height } = image;
  if ([reference, where].some((other) => other.width !== width || other.height !== height)) {
    throw new StudioError('bad-request', 'Colours can be matched only between pictures and a mask of the same size.');
  }
  const data = new Uint8Array(image.data.length);
  for (let color = 0; color < 3; color++) {
    const levels = matchingLevels(histogram(image, color, where), histogram(reference, color, where));
    for (let i = color; i < data.length; i += 3) data[i] = levels[image.data[i]!]!;
  }
  return { width, height, data };
}

/** The weight of each of the 256 levels of a colour. */
function histogram({ data }: RgbImage, color: number, where: Mask): Float64Array {
  const weights = new Float64Array(256);
  for (let i = 0, at = color; i < where.data.length; i++, at += 3) weights[data[at]!]! += where.data[i]!;
  return weights;
}

/** What each of the 256 levels becomes. */
function matchingLevels(from: Float64Array, to: Float64Array): Uint8Array {
  const source = statistics(from);
  const target = statistics(to);
  const gain = source.deviation === 0 ? 1 : Math.min(MAX_GAIN, Math.max(MIN_GAIN, target.deviation / source.deviation));
  return Uint8Array.from({ length: 256 }, (_, level) => {
    const matched = Math.round((level - source.mean) * gain + target.mean);
    return Math.min(255, Math.max(0, matched));
  });
}

/** Both 0 for a histogram without weight. */
function statistics(weights: Float64Array): { mean: number; deviation: number } {
  let total = 0;
  let sum = 0;
  for (const [level, weight] of weights.entries()) {
    total += weight;
    sum += weight * level;
  }
  if (total === 0) return { mean: 0, deviation: 0 };
  const mean = sum / total;
  let squares = 0;
  for (const [level, weight] of weights.entries()) squares += weight * (level - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / total) };
}
