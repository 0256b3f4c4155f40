/**
 * Weights in 8 bits, with one scale for each output, and in 4 bits, with one scale for each block of an output's inputs.
 */
import type { Precision } from '../../app/contracts/engine-api.ts';
import { copied, type DerivedTensor, type TensorReader } from './derived-tensor.ts';
import type { TensorEntry, TensorIndex } from './tensor-entry.ts';

export type QuantizedPrecision = Exclude<Precision, 'fp32'>;

/** Largest magnitude of each row over 127, and 1 for a row of zeros: the step of an 8-bit number. */
export function rowScales(weight: Float32Array, rows: number): Float32Array {
  const columns = weight.length / rows;
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let largest = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) {
      const magnitude = Math.abs(weight[i]!);
      if (magnitude > largest) largest = magnitude;
    }
    scales[row] = largest > 0 ? largest / 127 : 1;
  }
  return scales;
}

/** Rows over their scales, rounded. */
export function quantizeRows(weight: Float32Array, scales: Float32Array): Int8Array {
  const columns = weight.length / scales.length;
  const result = new Int8Array(weight.length);
  for (let row = 0; row < scales.length; row++) {
    const scale = scales[row]!;
    for (let i = row * columns; i < (row + 1) * columns; i++) result[i] = Math.floor(weight[i]! / scale + 0.5);
  }
  return result;
}

/** (rows, columns) → (columns, rows) */
export function transposed(matrix: Int8Array, rows: number): Int8Array {
  const columns = matrix.length / rows;
  const result = new Int8Array(matrix.length);
  for (let top = 0; top < rows; top += TILE) {
    const bottom = Math.min(top + TILE, rows);
    for (let column = 0; column < columns; column++) {
      for (let row = top; row < bottom; row++) result[column * rows + row] = matrix[row * columns + column]!;
    }
  }
  return result;
}

/** Rows that are transposed together: their parts fit the cache. */
const TILE = 64;

/** Weights of a row that share a scale in 4 bits. */
export const BLOCK_4_BITS = 32;
/** What stands for 0 in 4 bits. */
const MIDDLE_4_BITS = 8;

/** Four-bit weights and the scales of their blocks. */
export interface FourBits {
  /** (rows, columns / 2): two neighbours in a byte, the first in its low half. */
  readonly packed: Uint8Array;
  /** (rows, columns / block) */
  readonly scales: Float32Array;
}

/**
 * Each block's number of the largest magnitude becomes −8, so that all sixteen steps are used; the others are rounded to
 * multiples of the block's scale.
 *
 * @param weight (rows, columns), with columns a multiple of the block
 */
export function quantizeTo4Bits(weight: Float32Array): FourBits {
  const scales = new Float32Array(weight.length / BLOCK_4_BITS);
  const packed = new Uint8Array(weight.length / 2);
  for (let block = 0; block < scales.length; block++) {
    const start = block * BLOCK_4_BITS;
    const scale = blockScale(weight, start);
    scales[block] = scale;
    const inverse = scale === 0 ? 0 : 1 / scale;
    for (let i = start; i < start + BLOCK_4_BITS; i += 2) {
      packed[i / 2] = toFourBits(weight[i]! * inverse) | (toFourBits(weight[i + 1]! * inverse) << 4);
    }
  }
  return { packed, scales };
}

function blockScale(weight: Float32Array, start: number): number {
  let largest = 0;
  for (let i = start; i < start + BLOCK_4_BITS; i++) {
    if (Math.abs(weight[i]!) > Math.abs(largest)) largest = weight[i]!;
  }
  return -largest / MIDDLE_4_BITS;
}

/** @param steps −8 … 8; the truncation of what is never negative is quicker than rounding */
function toFourBits(steps: number): number {
  const rounded = (steps + MIDDLE_4_BITS + 0.5) | 0;
  return rounded > 15 ? 15 : rounded;
}

/**
 * The weight of a Linear, (out, in), as `name` (out, in / 32, 16) and `name.scale` (out, in / 32), the layout of onnxruntime's
 * `MatMulNBits`.
 */
export function fourBitLinearTensors(entry: TensorEntry, reader: TensorReader): DerivedTensor[] {
  const [outputs, inputs] = entry.shape as readonly [number, number];
  const blocks = inputs / BLOCK_4_BITS;
  const quantize = async () => quantizeTo4Bits(await reader.readFloats(entry));
  return [
    {
      name: entry.name,
      type: 'u8',
      shape: [outputs, blocks, BLOCK_4_BITS / 2],
      produce: async () => (await quantize()).packed,
    },
    {
      name: `${entry.name}.scale`,
      type: 'f32',
      shape: [outputs, blocks],
      produce: async () => (await quantize()).scales,
    },
  ];
}

/**
 * The weight of a Linear, (out, in), as `name` (in, out) int8, the order in which integer matrix products read it, and
 * `name.scale` (out).
 */
export function quantizedLinearTensors(entry: TensorEntry, reader: TensorReader): DerivedTensor[] {
  const [outputs, inputs] = entry.shape as readonly [number, number];
  return [
    {
      name: entry.name,
      type: 'i8',
      shape: [inputs, outputs],
      produce: async () => {
        const weight = await reader.readFloats(entry);
        return transposed(quantizeRows(weight, rowScales(weight, outputs)), outputs);
      },
    },
    {
      name: `${entry.name}.scale`,
      type: 'f32',
      shape: [outputs],
      produce: async () => rowScales(await reader.readFloats(entry), outputs),
    },
  ];
}

/**
 * The tensors of a checkpoint that are used, some of its Linears in fewer bits: in 8 where 4 are asked for and the inputs are not
 * whole blocks, as the 2730 of FlowAR's MLPs.
 */
export function quantizedLinears(
  index: TensorIndex,
  keys: { readonly used: (key: string) => boolean; readonly quantized: (key: string) => boolean },
  precision: QuantizedPrecision,
  reader: TensorReader,
): DerivedTensor[] {
  const quantize = (entry: TensorEntry) =>
    precision === 'int4' && (entry.shape[1] as number) % BLOCK_4_BITS === 0
      ? fourBitLinearTensors(entry, reader)
      : quantizedLinearTensors(entry, reader);
  return [...index.entries.values()]
    .filter(({ name }) => keys.used(name))
    .flatMap((entry) => (keys.quantized(entry.name) ? quantize(entry) : copied(entry, reader)));
}
