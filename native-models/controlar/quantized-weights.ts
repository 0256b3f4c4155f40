/**
 * The 8-bit form of a LlamaGen transformer: its matrices in int8, everything else as it is.
 */
import { copied, type DerivedTensor, type TensorReader } from '../weights/derived-tensor.ts';
import { quantizedLinearTensors } from '../weights/quantize.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import type { TransformerConfig } from './config.ts';

const QUANTIZED = /^(layers\.\d+\.(attention\.(wqkv|wo)|feed_forward\.w[123])|output)\.weight$/;

/** The tensors of the blocks and the head; what is run once for a picture is read from the checkpoint. */
export function quantizedTransformer(
  index: TensorIndex,
  { layers }: TransformerConfig,
  reader: TensorReader,
): DerivedTensor[] {
  return [...index.entries.values()]
    .filter(({ name }) => isBlockTensor(name, layers))
    .flatMap((entry) => (QUANTIZED.test(entry.name) ? quantizedLinearTensors(entry, reader) : copied(entry, reader)));
}

function isBlockTensor(name: string, layers: number): boolean {
  const layer = /^layers\.(\d+)\./.exec(name)?.[1];
  return layer === undefined ? name === 'norm.weight' || name === 'output.weight' : Number(layer) < layers;
}
