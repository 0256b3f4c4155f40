/**
 * Tokens of a continuous model that are taken over: the flow from noise to picture is held to them at every time.
 */
import type { KeptTokens } from '../../app/generation/request.ts';
import { symbolsToLatent } from './latent-tokens.ts';

export interface KnownTokens {
  /** 1 for each token that is taken over. */
  readonly mask: Uint8Array;
  /** (tokens, Z); has no meaning where the mask is 0. */
  readonly latent: Float32Array;
}

/** The tokens of a step, `count` from `start` on; undefined when none of them is taken over. */
export function knownTokens(
  kept: KeptTokens | undefined,
  start: number,
  count: number,
  channels: number,
): KnownTokens | undefined {
  const mask = kept?.mask.slice(start, start + count);
  if (!kept || !mask?.includes(1)) return undefined;
  return { mask, latent: symbolsToLatent(kept.tokens.subarray(start * channels, (start + count) * channels)) };
}

export function isWhollyKnown(known: KnownTokens | undefined): known is KnownTokens {
  return known?.mask.every((taken) => taken === 1) === true;
}

/**
 * Puts the known tokens into a state, as they are at a time of the flow: (1 − t)·data + t·noise.
 *
 * @param x (tokens, Z), changed in place
 * @param noise (tokens, Z), the flow's beginning
 */
export function holdKnown(x: Float64Array, { mask, latent }: KnownTokens, noise: Float32Array, time: number): void {
  const channels = latent.length / mask.length;
  for (const [token, taken] of mask.entries()) {
    if (!taken) continue;
    for (let i = token * channels; i < (token + 1) * channels; i++) {
      x[i] = (1 - time) * (latent[i] as number) + time * (noise[i] as number);
    }
  }
}
