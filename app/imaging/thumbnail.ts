import { StudioError } from '../base/errors.ts';

/**
 * The largest whole size of the same proportions of which no side is longer than `maxSide`; never larger than the
 * picture, and never below one pixel.
 *
 * @throws bad-request for a side that is not at least one pixel
 */
export function fitWithin(width: number, height: number, maxSide: number): { width: number; height: number } {
  if (![width, height, maxSide].every((side) => side >= 1 && Number.isFinite(side))) {
    throw new StudioError('bad-request', 'A picture and its thumbnail are at least one pixel wide and high.');
  }
  const scale = Math.min(1, Math.floor(maxSide) / Math.max(width, height));
  const scaled = (side: number) => Math.max(1, Math.round(side * scale));
  return { width: scaled(width), height: scaled(height) };
}
