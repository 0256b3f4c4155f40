/**
 * The forms of a LlamaGen transformer with fewer bits: its matrices in int8 or int4, everything else as it is.
 */
import type { DerivedTensor, TensorReader } from '../weights/derived-tensor.ts';
import { type QuantizedPrecision, quantizedLinears } from '../weights/quantize.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';

/** What the blocks and the head use; what is run once for a picture is read from the checkpoint. */
const USED = /^(layers\.\d+|norm|output)\./;
const BLOCK_MATRIX = /^layers\.\d+\.(attention\.(wqkv|wo)|feed_forward\.w[123])\.weight$/;
/** The head weighs little and matters much: it stays as it is beside 4-bit matrices. */
const MATRIX = { int8: /^(layers\.\d+\.(attention|feed_forward)\..*|output\.weight)$/, int4: BLOCK_MATRIX };

export function derivedTransformer(
  index: TensorIndex,
  precision: QuantizedPrecision,
  reader: TensorReader,
): DerivedTensor[] {
  const keys = { used: (key: string) => USED.test(key), quantized: (key: string) => MATRIX[precision].test(key) };
  return quantizedLinears(index, keys, precision, reader);
}
