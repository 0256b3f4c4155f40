/**
 * The 8-bit form of a xAR transformer: the matrices of its blocks in int8, everything else as it is.
 */
import type { Runtime } from '../runtime.ts';
import { quantizedLinears } from '../weights/quantize.ts';
import type { XarWeights } from './config.ts';
import { expectedTensors, isQuantized } from './state-dict.ts';

/** The weights as the runtime wants them: as they are, or in 8 bits. */
export async function weightsFor({ index, config }: XarWeights, runtime: Runtime): Promise<XarWeights> {
  if (runtime.precision === 'fp32') return { index, config };
  const expected = expectedTensors(config);
  const used = (key: string) => expected.has(key) || key.endsWith('.rope.freqs');
  const tensors = quantizedLinears(index, { used, quantized: isQuantized(config) }, runtime.precision, runtime);
  return { config, index: await runtime.derive({ kind: runtime.precision, source: index, tensors }) };
}
