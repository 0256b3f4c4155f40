/**
 * The multi-scale VQVAE's hyper-parameters, read from keys and shapes.
 */
import { type AutoencoderConfig, countLevels } from '../autoencoder/autoencoder-config.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';

/** Z is the channels of a code too. */
export interface VqConfig extends AutoencoderConfig {
  /** V: entries of the codebook. */
  readonly vocabulary: number;
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
  if (codebook?.length !== 2 || firstConv?.length !== 4 || !shape('quantize.quant_resi.qresi_ls.0.weight'))
    return undefined;
  const [vocabulary = 0, latentChannels = 0] = codebook;
  return {
    latentChannels,
    vocabulary,
    levels: countLevels(index),
    baseChannels: firstConv[0] ?? 0,
    phiCount: countKeys(index, (phi) => `quantize.quant_resi.qresi_ls.${phi}.weight`),
    scales: shape('quantize.ema_vocab_hit_SV')?.[0],
  };
}

function countKeys(index: TensorIndex, key: (n: number) => string): number {
  let count = 0;
  while (index.entries.has(key(count))) count++;
  return count;
}
