/**
 * The forms of the transformer with fewer bits: the matrices of the blocks in int8 or int4, everything else as it is.
 */
import type { Precision } from '../../app/contracts/engine-api.ts';
import type { DerivedTensor, TensorReader } from '../weights/derived-tensor.ts';
import { BLOCK_4_BITS, type QuantizedPrecision, quantizedLinears } from '../weights/quantize.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import type { TransformerConfig } from './config.ts';
import { expectedTensors } from './state-dict.ts';

const MATRIX = /^block_chunks\..*\.(mat_qkv|mat_q|mat_kv|proj|fc1|fc2)\.weight$/;
/** With the scale of the block, and what the runtime keeps beside it. */
const BYTES_OF_4_BITS = 0.5 + 8 / BLOCK_4_BITS;

/** Bytes that a tensor takes once it is loaded: float32, unless it is one of the matrices. */
export function bytesOfWeight(name: string, elements: number, precision: Precision): number {
  if (precision === 'fp32' || !MATRIX.test(name)) return 4 * elements;
  return precision === 'int8' ? elements : elements * BYTES_OF_4_BITS;
}

export function derivedTransformer(
  index: TensorIndex,
  config: TransformerConfig,
  precision: QuantizedPrecision,
  reader: TensorReader,
): DerivedTensor[] {
  const expected = expectedTensors(config);
  const keys = { used: (key: string) => expected.has(key), quantized: (key: string) => MATRIX.test(key) };
  return quantizedLinears(index, keys, precision, reader);
}
