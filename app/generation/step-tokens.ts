/**
 * How many tokens the steps of a picture have, when pictures may have several sizes.
 */
import type { ControlMap, ModelDescription } from './request.ts';

/** Tokens of each step of a picture over a map: the model's own, or rows of the map's size rounded up to whole tokens. */
export function stepTokens(
  { tokensPerStep, sizes }: Pick<ModelDescription, 'tokensPerStep' | 'sizes'>,
  control: ControlMap | undefined,
): readonly number[] {
  if (!sizes || !control) return tokensPerStep;
  const { width, height } = control.image;
  return new Array<number>(Math.ceil(height / sizes.step)).fill(Math.ceil(width / sizes.step));
}
