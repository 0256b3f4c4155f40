/**
 * LlamaGen's loop over the tokens, in raster order.
 * Source: `generate` in FoundationVision/LlamaGen `autoregressive/models/generate.py` (commit ce98ec4).
 */
import type { KeptTokens } from '../../app/generation/request.ts';
import type { TokenSampler } from './sampler.ts';
import type { TokenOutput, TransformerState } from './transformer.ts';

export interface TokenStep {
  readonly position: number;
  readonly token: number;
  /** What the transformer said before the token. */
  readonly output: TokenOutput;
}

export interface GenerateOptions {
  /** The first token to make, 0 when left out; those before it are in the state. */
  readonly start?: number;
  /** Tokens of the picture. */
  readonly count: number;
  readonly kept?: KeptTokens | undefined;
  /** Told of the logits after guidance, (V), which are overwritten afterwards. */
  readonly onLogits?: ((logits: Float32Array) => void) | undefined;
}

/**
 * Yields after every token. The sampler's probabilities are those of this token until the next one is asked for.
 *
 * @param first what the transformer said before token `start`
 */
export async function* generateTokens(
  { state, first }: { state: TransformerState; first: TokenOutput },
  sampler: TokenSampler,
  { start = 0, count, kept, onLogits }: GenerateOptions,
): AsyncGenerator<TokenStep> {
  let output = first;
  for (let position = start; position < count; position++) {
    const logits = sampler.guide(position, output.logits);
    onLogits?.(logits);
    const token = takeToken(sampler, position, kept);
    yield { position, token, output };
    if (position < count - 1) output = await state.step(token);
  }
}

function takeToken(sampler: TokenSampler, position: number, kept: KeptTokens | undefined): number {
  if (!kept?.mask[position]) return sampler.draw();
  sampler.skip();
  return kept.tokens[position]!;
}
