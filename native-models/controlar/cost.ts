/**
 * How the work of a picture spreads over tokens and decoder. Progress and time left come from it.
 */
import type { VqganWeights } from '../vqgan/config.ts';
import { elementCount, type TensorIndex } from '../weights/tensor-entry.ts';
import type { ControlarModel } from './model.ts';

/** Reading a weight for one token takes as long as so many multiply-adds of a convolution do, measured on the CPU. */
const WORK_PER_WEIGHT = 27;

/** Share of the whole work that the tokens are, 0 … 1; the rest is the decoder's. */
export function tokenShare({ transformer, tokenizer }: Pick<ControlarModel, 'transformer' | 'tokenizer'>): number {
  const work = weightsRead(transformer.index) * WORK_PER_WEIGHT;
  return work / (work + decoderWork(tokenizer));
}

/** Weights that are read for a token. */
function weightsRead({ entries }: TensorIndex): number {
  let weights = 0;
  for (const { name, shape } of entries.values()) {
    if (/^(layers|output)\./.test(name)) weights += elementCount(shape);
  }
  return weights;
}

/** Multiply-adds of the decoder for one token: each level has four times the pixels of the one before. */
export function decoderWork({ index, config }: VqganWeights): number {
  let work = 0;
  for (const { name, shape } of index.entries.values()) {
    if (!/^decoder\..*\.weight$/.test(name) || shape.length < 2) continue;
    const level = Number(/conv_blocks\.(\d+)/.exec(name)?.[1] ?? (name.includes('conv_out') ? config.levels - 1 : 0));
    work += elementCount(shape) * 4 ** (name.includes('upsample') ? level + 1 : level);
  }
  return work;
}
