/**
 * Hyper-parameters of LlamaGen's tokenizer, read from keys and shapes: VQ-16 has five levels, VQ-8 four.
 * Source: FoundationVision/LlamaGen `tokenizer/tokenizer_image/vq_model.py` (commit ce98ec4); Esser et al., "Taming Transformers
 * for High-Resolution Image Synthesis" (VQGAN), arXiv 2012.09841.
 */
import type { TensorIndex } from '../weights/tensor-entry.ts';

export interface VqganConfig {
  /** Channels of a code. */
  readonly codeChannels: number;
  /** V: entries of the codebook. */
  readonly vocabulary: number;
  /** Levels of the encoder; the picture is 2^(levels − 1) times the latent's size. */
  readonly levels: number;
}

/** A tokenizer's checkpoint and what it is. */
export interface VqganWeights {
  readonly index: TensorIndex;
  readonly config: VqganConfig;
}

/** Reads the configuration, or returns undefined when the tensors are not those of such a tokenizer. */
export function detectVqganConfig(index: TensorIndex): VqganConfig | undefined {
  const [vocabulary, codeChannels] = index.entries.get('quantize.embedding.weight')?.shape ?? [];
  let levels = 0;
  while (index.entries.has(`decoder.conv_blocks.${levels}.res.0.conv1.weight`)) levels++;
  return vocabulary && codeChannels && levels > 0 ? { codeChannels, vocabulary, levels } : undefined;
}

/** Pixels of the picture for each token, along one axis. */
export function downsampling(config: VqganConfig): number {
  return 2 ** (config.levels - 1);
}
