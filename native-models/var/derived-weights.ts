/**
 * The forms of a VAR transformer with fewer bits: its matrices in int8 or int4, everything else as it is.
 */
import type { DerivedTensor, TensorReader } from '../weights/derived-tensor.ts';
import { type QuantizedPrecision, quantizedLinears } from '../weights/quantize.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import type { VarConfig } from './config.ts';
import { expectedTensors } from './state-dict.ts';

const MATRIX = /\.(mat_qkv|proj|fc1|fc2|ada_lin\.1)\.weight$|^(head|shared_ada_lin\.1|head_nm\.ada_lin\.1)\.weight$/;
/** The few matrices outside of the blocks weigh little and matter much: they stay as they are beside 4-bit ones. */
const BLOCK_MATRIX = /^blocks\.\d+\..*\.(mat_qkv|proj|fc1|fc2|1)\.weight$/;

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
