/**
 * The multi-scale VQVAE's hyper-parameters, read from keys and shapes.
 */
import type { TensorIndex } from '../weights/tensor-entry.ts';

export interface VqConfig {
  /** Z: channels of the latent and of a code. */
  readonly latentChannels: number;
  /** V: entries of the codebook. */
  readonly vocabulary: number;
  /** Levels of the encoder; the picture is 2^(levels − 1) times the latent's size. */
  readonly levels: number;
  /** Channels of the highest resolution. */
  readonly baseChannels: number;
  /** Residual convolutions φ that the scales share. */
  readonly phiCount: number;
  /** Scales that the tokenizer was trained with, from its usage statistics; undefined when the file has none. */
  readonly scales: number | undefined;
}

/** A tokenizer's checkpoint and what it is. */
export interface VqWeights {
  readonly index: TensorIndex;
  readonly config: VqConfig;
}

/** Reads the configuration, or returns undefined when the tensors are not those of a multi-scale VQVAE. */
export function detectVqConfig(index: TensorIndex): VqConfig | undefined {
  const shape = (key: string) => index.entries.get(key)?.shape;
  const codebook = shape('quantize.embedding.weight');
  const firstConv = shape('encoder.conv_in.weight');
  if (codebook?.length !== 2 || firstConv?.length !== 4) return undefined;
  const [vocabulary = 0, latentChannels = 0] = codebook;
  return {
    latentChannels,
    vocabulary,
    levels: countKeys(index, (level) => `decoder.up.${level}.block.0.conv1.weight`),
    baseChannels: firstConv[0] ?? 0,
    phiCount: countKeys(index, (phi) => `quantize.quant_resi.qresi_ls.${phi}.weight`),
    scales: shape('quantize.ema_vocab_hit_SV')?.[0],
  };
}

/** Pixels of the picture for each pixel of the latent, along one axis. */
export function downsampling(config: VqConfig): number {
  return 2 ** (config.levels - 1);
}

function countKeys(index: TensorIndex, key: (n: number) => string): number {
  let count = 0;
  while (index.entries.has(key(count))) count++;
  return count;
}
