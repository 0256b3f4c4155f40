/**
 * How the work of a picture spreads over tokens and decoder. Progress and time left come from it.
 */
import { elementCount } from '../weights/tensor-entry.ts';
import type { ControlarModel } from './model.ts';

/** Multiply-adds of VQ-16's decoder for one token. */
const DECODER_WORK = 490e6;
/** Reading a weight for one token takes as long as so many multiply-adds of a convolution do, measured on the CPU. */
const WORK_PER_WEIGHT = 27;

/** Share of the whole work that the tokens are, 0 … 1; the rest is the decoder's. */
export function tokenShare({ transformer }: ControlarModel): number {
  let weights = 0;
  for (const { name, shape } of transformer.index.entries.values()) {
    if (/^(layers|output)\./.test(name)) weights += elementCount(shape);
  }
  const work = weights * WORK_PER_WEIGHT;
  return work / (work + DECODER_WORK);
}
