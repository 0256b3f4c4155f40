/**
 * Weights in the precision that a runtime computes with.
 */
import type { Runtime } from '../runtime.ts';
import type { DerivedTensor } from './derived-tensor.ts';
import type { QuantizedPrecision } from './quantize.ts';
import type { TensorIndex } from './tensor-entry.ts';

/** The checkpoint as it is, or with its matrices in fewer bits, as `derived` makes them. */
export async function weightsInPrecision(
  index: TensorIndex,
  runtime: Runtime,
  derived: (precision: QuantizedPrecision) => DerivedTensor[],
): Promise<TensorIndex> {
  const { precision } = runtime;
  if (precision === 'fp32') return index;
  return runtime.derive({ kind: precision, source: index, tensors: derived(precision) });
}
