/**
 * Which tokens of a picture stay when a part of it is painted anew.
 */
import type { Mask } from '../imaging/mask.ts';
import { resizeMask } from '../imaging/resample.ts';
import type { ModelDescription, StepArea } from './request.ts';

/** Cover, of 255, from which on a cell of a coarse step is painted anew: below it, the cell has the tone of what stays. */
const HALF = 128;
/** The same for a cell of a fine step, which has details. */
const TOUCHED = 6;
const ALL = 255;
const WHOLE: StepArea = { x: 0, y: 0, width: 1, height: 1 };

/**
 * 1 for each token that is kept: those of cells that the mask leaves alone. Of coarse steps, whose cells are wide, these are
 * the ones of which it covers less than a half; of steps whose cells have less than twice the side of the finest ones, those
 * that it does not touch. A single token for all of the picture has the
 * tone, and goes only when all is covered. What is left of a cell outside
 * of the mask is for whoever puts the pictures together.
 *
 * @param mask over the whole picture, in any size
 * @param model how many tokens each step has, and where they are
 */
export function keptOutside(
  mask: Mask,
  { tokensPerStep, stepAreas }: Pick<ModelDescription, 'tokensPerStep' | 'stepAreas'>,
): Uint8Array {
  const areas = tokensPerStep.map((_, step) => stepAreas?.[step] ?? WHOLE);
  const cells = tokensPerStep.map((tokens, step) => tokens / (areas[step]!.width * areas[step]!.height));
  const finest = Math.max(...cells);
  const parts = tokensPerStep.map((tokens, step) => {
    const limit = tokens === 1 ? ALL : cells[step]! > finest / 4 ? TOUCHED : HALF;
    return cover(mask, tokens, areas[step]!).map((amount) => (amount < limit ? 1 : 0));
  });
  return Uint8Array.from(parts.flat());
}

/** How much of each token's cell the mask covers, 0 … 255. */
function cover(mask: Mask, tokens: number, area: StepArea): number[] {
  const columns = Math.round(Math.sqrt((tokens * area.width) / area.height));
  const rows = tokens / columns;
  const [width, height] = [Math.round(columns / area.width), Math.round(rows / area.height)];
  const [left, top] = [Math.round(area.x * width), Math.round(area.y * height)];
  const { data } = resizeMask(mask, width, height);
  return Array.from({ length: tokens }, (_, i) => {
    const [row, column] = [top + Math.floor(i / columns), left + (i % columns)];
    return data[row * width + column] as number;
  });
}
