/**
 * Accounts for every key of a T5 checkpoint: used by the encoder's graph, or left out for a reason.
 */
import { checkTensors } from '../weights/check-tensors.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import { embeddingKey, type T5Config } from './config.ts';

/** Beginnings of keys that the encoder does not need, and why. */
const UNUSED: Readonly<Record<string, string>> = {
  'decoder.': 'pictures are made from what the encoder says',
  'lm_head.': 'the decoder’s output',
  'shared.weight': 'the embedding, where the encoder’s own name is used',
  'encoder.embed_tokens.weight': 'the embedding, where the shared name is used',
};

/** Every key that the graph uses, with its shape. */
export function t5Tensors(index: TensorIndex, config: T5Config): Map<string, readonly number[]> {
  const { width: C, layers, heads, headSize, hidden, vocabulary, buckets } = config;
  const inner = heads * headSize;
  const shapes = new Map<string, readonly number[]>([
    [embeddingKey(index), [vocabulary, C]],
    ['encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight', [buckets, heads]],
    ['encoder.final_layer_norm.weight', [C]],
  ]);
  for (let layer = 0; layer < layers; layer++) {
    const at = `encoder.block.${layer}.layer`;
    for (const name of ['q', 'k', 'v']) shapes.set(`${at}.0.SelfAttention.${name}.weight`, [inner, C]);
    shapes.set(`${at}.0.SelfAttention.o.weight`, [C, inner]);
    for (const name of ['wi_0', 'wi_1']) shapes.set(`${at}.1.DenseReluDense.${name}.weight`, [hidden, C]);
    shapes.set(`${at}.1.DenseReluDense.wo.weight`, [C, hidden]);
    for (const part of [0, 1]) shapes.set(`${at}.${part}.layer_norm.weight`, [C]);
  }
  return shapes;
}

const SPLIT_HINT =
  'It may be damaged, or only one part of a checkpoint that was split: the encoder is in the first part.';

/** Throws `corrupt-checkpoint` naming the first key that is missing, misshapen or unknown. */
export function checkT5StateDict(index: TensorIndex, config: T5Config): void {
  const isUnused = (key: string) => Object.keys(UNUSED).some((start) => key.startsWith(start));
  checkTensors(index, 'text encoder', t5Tensors(index, config), isUnused, SPLIT_HINT);
}
