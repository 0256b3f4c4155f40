/**
 * The 8-bit form of a VAR transformer: its matrices in int8, everything else as it is.
 */
import { copied, type DerivedTensor, type TensorReader } from '../weights/derived-tensor.ts';
import { quantizedLinearTensors } from '../weights/quantize.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import type { VarConfig } from './config.ts';
import { expectedTensors } from './state-dict.ts';

const QUANTIZED = /\.(mat_qkv|proj|fc1|fc2|ada_lin\.1)\.weight$|^(head|shared_ada_lin\.1|head_nm\.ada_lin\.1)\.weight$/;

export function quantizedTransformer(index: TensorIndex, config: VarConfig, reader: TensorReader): DerivedTensor[] {
  return [...index.entries.values()]
    .filter(({ name }) => expectedTensors(config).has(name))
    .flatMap((entry) => (QUANTIZED.test(entry.name) ? quantizedLinearTensors(entry, reader) : copied(entry, reader)));
}
