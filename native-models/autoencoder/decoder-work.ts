/**
 * The decoder's share of a picture's work.
 */
import type { AutoencoderConfig } from './autoencoder-config.ts';

/** Multiply-adds for one latent pixel and one squared base channel, for the published 5-level layout. */
const WORK = 29_800;

/** Multiply-adds of decoding a latent of size×size. */
export function decoderWork({ baseChannels }: AutoencoderConfig, size: number): number {
  return WORK * baseChannels ** 2 * size ** 2;
}
