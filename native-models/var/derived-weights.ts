/**
 * The forms of a VAR transformer with fewer bits: its matrices in int8 or int4, everything else as it is.
 */
import type { Precision } from '../../app/contracts/engine-api.ts';
import type { DerivedTensor, TensorReader } from '../weights/derived-tensor.ts';
import { BLOCK_4_BITS, type QuantizedPrecision, quantizedLinears } from '../weights/quantize.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import type { VarConfig } from './config.ts';
import { expectedTensors } from './state-dict.ts';

const MATRIX = /\.(mat_qkv|proj|fc1|fc2|ada_lin\.1)\.weight$|^(head|shared_ada_lin\.1|head_nm\.ada_lin\.1)\.weight$/;
/** The few matrices outside of the blocks weigh little and matter much: they stay as they are beside 4-bit ones. */
const BLOCK_MATRIX = /^blocks\.\d+\..*\.(mat_qkv|proj|fc1|fc2|1)\.weight$/;

/** With the scale of the block, and what the runtime keeps beside it. */
const BYTES_OF_4_BITS = 0.5 + 8 / BLOCK_4_BITS;

/** Bytes that a tensor takes once it is loaded: float32, unless it is one of the matrices. */
export function bytesOfWeight(name: string, elements: number, precision: Precision): number {
  if (precision === 'int8' && MATRIX.test(name)) return elements;
  if (precision === 'int4' && BLOCK_MATRIX.test(name)) return elements * BYTES_OF_4_BITS;
  return 4 * elements;
}

export function derivedTransformer(
  index: TensorIndex,
  config: VarConfig,
  precision: QuantizedPrecision,
  reader: TensorReader,
): DerivedTensor[] {
  const expected = expectedTensors(config);
  const matrix = precision === 'int8' ? MATRIX : BLOCK_MATRIX;
  const keys = { used: (key: string) => expected.has(key), quantized: (key: string) => matrix.test(key) };
  return quantizedLinears(index, keys, precision, reader);
}
