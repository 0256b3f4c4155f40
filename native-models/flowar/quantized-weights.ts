/**
 * The 8-bit form of a FlowAR transformer: the matrices of its blocks in int8, everything else as it is.
 */
import type { Runtime } from '../runtime.ts';
import { copied } from '../weights/derived-tensor.ts';
import { quantizedLinearTensors } from '../weights/quantize.ts';
import type { FlowArWeights } from './config.ts';
import { expectedTensors, isQuantized } from './state-dict.ts';

/** The weights as the runtime wants them: as they are, or in 8 bits. */
export async function weightsFor(weights: FlowArWeights, runtime: Runtime): Promise<FlowArWeights> {
  if (runtime.precision === 'fp32') return weights;
  const { index, config } = weights;
  const [expected, quantized] = [expectedTensors(config), isQuantized(config)];
  const tensors = [...index.entries.values()]
    .filter(({ name }) => expected.has(name) || name.endsWith('.rope.freqs'))
    .flatMap((entry) => (quantized(entry.name) ? quantizedLinearTensors(entry, runtime) : copied(entry, runtime)));
  return { config, index: await runtime.derive({ kind: runtime.precision, source: index, tensors }) };
}
