/**
 * What every pipeline checks of a request.
 */
import { StudioError } from '../app/base/errors.ts';
import type { RgbImage } from '../app/generation/pipeline-event.ts';
import type { KeptTokens } from '../app/generation/request.ts';

/** The row of the class embedding; `classes` stands for "no class". Throws `unknown-label`. */
export function checkedLabel(label: number | null, classes: number): number {
  if (label === null) return classes;
  if (Number.isInteger(label) && label >= 0 && label < classes) return label;
  throw new StudioError('unknown-label', `There is no class ${label}: this model's classes are 0 to ${classes - 1}.`);
}

/**
 * @param count tokens of a picture, of `symbols` symbols each
 * @throws bad-request when the kept tokens are those of another model
 */
export function checkedKept(kept: KeptTokens | undefined, count: number, symbols = 1): KeptTokens | undefined {
  if (!kept || (kept.tokens.length === count * symbols && kept.mask.length === count)) return kept;
  throw new StudioError('bad-request', `Kept tokens must be ${count}, as many as a picture of this model has.`, {
    hint: 'The picture that they come from was made by another model.',
  });
}

/** Throws `bad-request` when a picture is not of the model's size. */
export function checkPictureSize({ width, height }: RgbImage, pixels: number): void {
  if (width === pixels && height === pixels) return;
  throw new StudioError('bad-request', `The picture must be ${pixels}×${pixels}, not ${width}×${height}.`);
}

export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new StudioError('cancelled', 'The picture was cancelled.');
}
