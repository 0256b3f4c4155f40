/**
 * What the encoder and decoder need to know of a tokenizer.
 */
import type { TensorIndex } from '../weights/tensor-entry.ts';

export interface AutoencoderConfig {
  /** Z: channels of the latent that is decoded. */
  readonly latentChannels: number;
  /** Levels of the encoder; the picture is 2^(levels − 1) times the latent's size. */
  readonly levels: number;
  /** Channels of the highest resolution. */
  readonly baseChannels: number;
}

export interface AutoencoderWeights {
  readonly index: TensorIndex;
  readonly config: AutoencoderConfig;
}

/** Pixels of the picture for each pixel of the latent, along one axis. */
export function downsampling({ levels }: AutoencoderConfig): number {
  return 2 ** (levels - 1);
}

/** Levels by the decoder's keys. */
export function countLevels({ entries }: TensorIndex): number {
  let levels = 0;
  while (entries.has(`decoder.up.${levels}.block.0.conv1.weight`)) levels++;
  return levels;
}
