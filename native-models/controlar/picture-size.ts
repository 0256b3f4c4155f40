/**
 * How large a picture becomes.
 * Source: hustvl/ControlAR `autoregressive/sample/sample_t2i_MR.py` (commit 87e32e9): pictures of any size have that of their map,
 * rounded up to whole tokens.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import type { PictureSizes } from '../../app/generation/request.ts';
import type { TokenGrid } from '../autoencoder/token-grid.ts';
import { downsampling } from '../vqgan/config.ts';
import type { ControlarModel } from './model.ts';

/** Sides of the pictures that LlamaGen's files without a size in their names make, in pixels. */
const DEFAULT_PIXELS = 256;
/** Of models for any size, when nothing is said. */
const ANY_SIZE_PIXELS = 512;

/** The side in pixels that a file's name tells, such as 384 of `c2i_B_384.pt`. */
export function pixelsOfName(file: string): number {
  return Number(/_(\d{2,4})(?=[_.][^/\\]*$)/.exec(file)?.[1] ?? DEFAULT_PIXELS);
}

/** The tokens of a picture of the usual size. */
export function usualGrid({ transformer, tokenizer, grid }: ControlarModel): TokenGrid {
  if (!transformer.config.control?.anySize) return { rows: grid, columns: grid };
  const side = Math.min(grid, ANY_SIZE_PIXELS / downsampling(tokenizer.config));
  return { rows: side, columns: side };
}

/** What sizes a model can make; undefined when there is only the usual one. */
export function pictureSizes({ transformer, tokenizer, grid }: ControlarModel): PictureSizes | undefined {
  if (!transformer.config.control?.anySize) return undefined;
  const step = downsampling(tokenizer.config);
  return { step, pixels: (grid * step) ** 2 };
}

/** The tokens of a picture over a map. Throws `bad-request` when it would be too large. */
export function gridOf(model: ControlarModel, map: RgbImage | undefined): TokenGrid {
  const sizes = pictureSizes(model);
  if (!sizes || !map) return usualGrid(model);
  const { width, height } = map;
  const [columns, rows] = [Math.ceil(width / sizes.step), Math.ceil(height / sizes.step)];
  if (rows * columns * sizes.step ** 2 <= sizes.pixels) return { rows, columns };
  const side = Math.sqrt(sizes.pixels);
  throw new StudioError('bad-request', `A control map of ${width}×${height} is too large for this model.`, {
    hint: `Make it smaller: at most as many pixels as ${side}×${side}.`,
  });
}
