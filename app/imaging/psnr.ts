/**
 * How much two pictures differ.
 */
import { StudioError } from '../base/errors.ts';
import type { RgbImage } from '../generation/pipeline-event.ts';

/** What equal pictures have; beyond it nobody sees a difference, and infinity cannot be shown. */
const EQUAL = 99;

/**
 * Peak signal-to-noise ratio in dB over all bytes, at most 99: 40 and more is hardly seen.
 *
 * @throws StudioError bad-request when their sizes differ
 */
export function psnr(a: RgbImage, b: RgbImage): number {
  if (a.width !== b.width || a.height !== b.height)
    throw new StudioError('bad-request', 'The pictures differ in size.');
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += ((a.data[i] as number) - (b.data[i] as number)) ** 2;
  return sum === 0 ? EQUAL : Math.min(EQUAL, 10 * Math.log10((255 ** 2 * a.data.length) / sum));
}
