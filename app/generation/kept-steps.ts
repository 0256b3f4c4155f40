/**
 * The tokens of a picture's first steps: what a branch takes over.
 */
import type { ModelDescription } from './request.ts';

/** 1 for each token of the first `steps` steps. */
export function keptSteps({ tokensPerStep }: Pick<ModelDescription, 'tokensPerStep'>, steps: number): Uint8Array {
  return Uint8Array.from(tokensPerStep.flatMap((tokens, step) => Array<number>(tokens).fill(step < steps ? 1 : 0)));
}
