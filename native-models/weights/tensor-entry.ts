/**
 * Where a checkpoint's tensors lie. An entry names bytes in a file; it never holds them.
 */

/** Element types that checkpoints use. */
export type StorageType = 'f32' | 'f16' | 'bf16' | 'f64' | 'i64' | 'i32' | 'i16' | 'i8' | 'u8' | 'bool';

/** Bytes of one element. */
export const ELEMENT_BYTES: Readonly<Record<StorageType, number>> = {
  f64: 8,
  i64: 8,
  f32: 4,
  i32: 4,
  f16: 2,
  bf16: 2,
  i16: 2,
  i8: 1,
  u8: 1,
  bool: 1,
};

export interface TensorEntry {
  /** The checkpoint's own key, such as `blocks.0.attn.proj.weight`. */
  readonly name: string;
  readonly type: StorageType;
  readonly shape: readonly number[];
  /** Elements (not bytes) between neighbours along each axis. */
  readonly strides: readonly number[];
  /** Absolute path, links resolved. */
  readonly file: string;
  /** Byte offset of element 0 in the file. */
  readonly offset: number;
}

/** The tensors of one checkpoint file, in file order, by key. */
export interface TensorIndex {
  readonly file: string;
  readonly entries: ReadonlyMap<string, TensorEntry>;
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Row-major strides of a shape, in elements. */
export function contiguousStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis] ?? 1;
  }
  return strides;
}

/** Whether the elements lie row-major without gaps. The stride of an axis of size 1 does not matter. */
export function isContiguous(entry: Pick<TensorEntry, 'shape' | 'strides'>): boolean {
  const expected = contiguousStrides(entry.shape);
  return entry.shape.every((size, axis) => size <= 1 || entry.strides[axis] === expected[axis]);
}

export function byteLength(entry: Pick<TensorEntry, 'shape' | 'type'>): number {
  return elementCount(entry.shape) * ELEMENT_BYTES[entry.type];
}
