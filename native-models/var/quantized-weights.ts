/**
 * The 8-bit form of a VAR transformer: its matrices in int8, everything else as it is.
 */
import type { DerivedTensor, TensorReader } from '../weights/derived-tensor.ts';
import { quantizedLinears } from '../weights/quantize.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import type { VarConfig } from './config.ts';
import { expectedTensors } from './state-dict.ts';

const QUANTIZED = /\.(mat_qkv|proj|fc1|fc2|ada_lin\.1)\.weight$|^(head|shared_ada_lin\.1|head_nm\.ada_lin\.1)\.weight$/;

export function quantizedTransformer(index: TensorIndex, config: VarConfig, reader: TensorReader): DerivedTensor[] {
  const expected = expectedTensors(config);
  return quantizedLinears(index, { used: (key) => expected.has(key), quantized: (key) => QUANTIZED.test(key) }, reader);
}
