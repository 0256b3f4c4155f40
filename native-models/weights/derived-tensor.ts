/**
 * Tensors computed from a checkpoint's, such as 8-bit weights. They are written once into a cache file.
 */
import type { Precision } from '../../app/contracts/engine-api.ts';
import type { StorageType, TensorEntry, TensorIndex } from './tensor-entry.ts';

export interface DerivedTensor {
  readonly name: string;
  readonly type: Extract<StorageType, 'f32' | 'i8' | 'u8' | 'i32' | 'i64'>;
  readonly shape: readonly number[];
  /** Computes the elements, row-major. */
  produce(): Promise<Float32Array | Int8Array | Uint8Array | Int32Array | BigInt64Array>;
}

/** Reads whole tensors of a checkpoint. */
export interface TensorReader {
  readFloats(entry: TensorEntry): Promise<Float32Array>;
  readIntegers(entry: TensorEntry): Promise<number[]>;
}

/** A set of derived tensors, and what tells it from other sets made of the same checkpoint. */
export interface Derivation {
  readonly kind: Precision | 'contiguous';
  readonly source: TensorIndex;
  readonly tensors: readonly DerivedTensor[];
}

const INTEGER_TYPES: readonly StorageType[] = ['i64', 'i32', 'i16', 'i8', 'u8', 'bool'];

/** A tensor as it is: float32, or int64 when it holds whole numbers. */
export function copied(entry: TensorEntry, reader: TensorReader): DerivedTensor {
  const { name, shape } = entry;
  return INTEGER_TYPES.includes(entry.type)
    ? {
        name,
        shape,
        type: 'i64',
        produce: async () => BigInt64Array.from(await reader.readIntegers(entry), BigInt),
      }
    : { name, shape, type: 'f32', produce: () => reader.readFloats(entry) };
}
