/**
 * How many tokens the steps of a picture have, when pictures may have several sizes.
 */
import type { GenerationRequest, ModelDescription, PictureShape } from './request.ts';

type Sizes = Pick<ModelDescription, 'tokensPerStep' | 'sizes' | 'shapes'>;

/** Tokens of each step: as the settings say, or rows of the control map's size rounded up to whole tokens, or the model's own. */
export function stepTokens(
  { tokensPerStep, sizes, shapes }: Sizes,
  { control, settings }: Pick<GenerationRequest, 'control' | 'settings'>,
): readonly number[] {
  const chosen = shapes?.find((shape) => isChosen(shape, settings));
  if (chosen) return chosen.tokensPerStep;
  if (!sizes || !control) return tokensPerStep;
  const { width, height } = control.image;
  return new Array<number>(Math.ceil(height / sizes.step)).fill(Math.ceil(width / sizes.step));
}

function isChosen(shape: PictureShape, settings: GenerationRequest['settings']): boolean {
  return Object.entries(shape.settings).every(([id, value]) => settings[id] === value);
}
