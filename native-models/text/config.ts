/**
 * Hyper-parameters of a T5 encoder, read from keys and shapes.
 * Source: Raffel et al., "Exploring the Limits of Transfer Learning", arXiv 1910.10683; version 1.1 and flan-T5, whose keys are
 * those of transformers `models/t5`.
 */
import type { TensorIndex } from '../weights/tensor-entry.ts';

export interface T5Config {
  readonly layers: number;
  /** C */
  readonly width: number;
  /** H */
  readonly heads: number;
  /** d; H·d need not be C. */
  readonly headSize: number;
  /** Width of the gated feed-forward layer. */
  readonly hidden: number;
  readonly vocabulary: number;
  /** Buckets of relative positions. */
  readonly buckets: number;
}

/** An encoder's checkpoint and what it is. */
export interface T5Weights {
  readonly index: TensorIndex;
  readonly config: T5Config;
}

const BIAS = 'encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight';

/** Reads the configuration, or returns undefined when the tensors are not those of a T5 encoder with gated layers. */
export function detectT5Config(index: TensorIndex): T5Config | undefined {
  const shape = (key: string) => index.entries.get(key)?.shape ?? [];
  const [vocabulary = 0, width = 0] = shape(embeddingKey(index));
  const [buckets = 0, heads = 0] = shape(BIAS);
  const [inner = 0] = shape('encoder.block.0.layer.0.SelfAttention.q.weight');
  const [hidden = 0] = shape('encoder.block.0.layer.1.DenseReluDense.wi_0.weight');
  let layers = 0;
  while (index.entries.has(`encoder.block.${layers}.layer.0.SelfAttention.q.weight`)) layers++;
  const sizes = [vocabulary, width, buckets, heads, inner, hidden, layers];
  if (sizes.some((size) => size === 0)) return undefined;
  return { layers, width, heads, headSize: inner / heads, hidden, vocabulary, buckets };
}

/** The token embedding, which encoder and decoder share and which some files hold under one name only. */
export function embeddingKey({ entries }: TensorIndex): string {
  return entries.has('shared.weight') ? 'shared.weight' : 'encoder.embed_tokens.weight';
}
