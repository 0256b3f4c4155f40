/**
 * Eight-bit weights: symmetric, one scale for each output.
 */
import { copied, type DerivedTensor, type TensorReader } from './derived-tensor.ts';
import type { TensorEntry, TensorIndex } from './tensor-entry.ts';

/** Largest magnitude of each row over 127, and 1 for a row of zeros: the step of an 8-bit number. */
export function rowScales(weight: Float32Array, rows: number): Float32Array {
  const columns = weight.length / rows;
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let largest = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) largest = Math.max(largest, Math.abs(weight[i]!));
    scales[row] = largest > 0 ? largest / 127 : 1;
  }
  return scales;
}

/** Rows over their scales, rounded. */
export function quantizeRows(weight: Float32Array, scales: Float32Array): Int8Array {
  const columns = weight.length / scales.length;
  const result = new Int8Array(weight.length);
  for (let i = 0; i < weight.length; i++) result[i] = Math.round(weight[i]! / scales[Math.floor(i / columns)]!);
  return result;
}

/** (rows, columns) → (columns, rows) */
export function transposed(matrix: Int8Array, rows: number): Int8Array {
  const columns = matrix.length / rows;
  const result = new Int8Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) result[column * rows + row] = matrix[row * columns + column]!;
  }
  return result;
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

/** The tensors of a checkpoint that are used, some of its Linears in 8 bits. */
export function quantizedLinears(
  index: TensorIndex,
  keys: { readonly used: (key: string) => boolean; readonly quantized: (key: string) => boolean },
  reader: TensorReader,
): DerivedTensor[] {
  return [...index.entries.values()]
    .filter(({ name }) => keys.used(name))
    .flatMap((entry) => (keys.quantized(entry.name) ? quantizedLinearTensors(entry, reader) : copied(entry, reader)));
}
