/**
 * Which tokens of a picture stay when a part of it is painted anew.
 */
import type { Mask } from '../imaging/mask.ts';
import { resizeMask } from '../imaging/resample.ts';

/** Cover, of 255, from which on a token's cell counts as touched. */
const TOUCHED = 6;
/** A single token for all of the picture is kept while less than half of it is covered: it has the tone. */
const HALF = 128;

/**
 * 1 for each token that is kept: those of cells that the mask does not touch, at every scale. What is left of a touched cell
 * outside of the mask is for whoever puts the pictures together.
 *
 * @param mask over the whole picture, in any size
 * @param tokensPerStep square token maps, coarse to fine
 */
export function keptOutside(mask: Mask, tokensPerStep: readonly number[]): Uint8Array {
  const parts = tokensPerStep.map((tokens) => {
    const side = Math.round(Math.sqrt(tokens));
    const limit = side === 1 ? HALF : TOUCHED;
    return Array.from(resizeMask(mask, side, side).data, (cover) => (cover < limit ? 1 : 0));
  });
  return Uint8Array.from(parts.flat());
}
