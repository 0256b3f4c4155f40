/**
 * Reads the elements of a tensor.
 */
import {
  ELEMENT_BYTES,
  elementCount,
  isContiguous,
  type StorageType,
  type TensorEntry,
} from '../../native-models/weights/tensor-entry.ts';
import { withFileSource } from './file-source.ts';

/**
 * All elements as float32, row-major, whatever the storage type and the strides.
 *
 * @throws missing-file or corrupt-checkpoint when the file is no longer what it was when it was opened
 */
export async function readFloats(entry: TensorEntry): Promise<Float32Array> {
  const bytes = await readSpan(entry);
  if (entry.type === 'f32' && isContiguous(entry)) return new Float32Array(bytes.buffer);
  const values = new Float32Array(elementCount(entry.shape));
  decodeInto(values, entry, bytes);
  return values;
}

/** All elements of an integer tensor as numbers, row-major; 64-bit numbers beyond 2^53 are rounded. Throws as above. */
export async function readIntegers(entry: TensorEntry): Promise<number[]> {
  const values = new Array<number>(elementCount(entry.shape));
  decodeInto(values, entry, await readSpan(entry));
  return values;
}

/** The bytes from the first element to the last, gaps of a strided tensor included. */
function readSpan(entry: TensorEntry): Promise<Uint8Array> {
  const span = elementCount(entry.shape) === 0 ? 0 : 1 + lastOffset(entry);
  return withFileSource(entry.file, (source) => source.read(entry.offset, span * ELEMENT_BYTES[entry.type]));
}

function lastOffset({ shape, strides }: TensorEntry): number {
  return shape.reduce((sum, size, axis) => sum + (size - 1) * (strides[axis] as number), 0);
}

function decodeInto(values: Float32Array | number[], entry: TensorEntry, bytes: Uint8Array): void {
  const decode = DECODERS[entry.type];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = ELEMENT_BYTES[entry.type];
  if (isContiguous(entry)) {
    for (let i = 0; i < values.length; i++) values[i] = decode(view, i * width);
    return;
  }
  let i = 0;
  for (const offset of offsets(entry)) values[i++] = decode(view, offset * width);
}

/** Element offsets in row-major order of the shape. */
function* offsets({ shape, strides }: TensorEntry): Generator<number> {
  const position = shape.map(() => 0);
  const count = elementCount(shape);
  let offset = 0;
  for (let i = 0; i < count; i++) {
    yield offset;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      position[axis]! += 1;
      offset += strides[axis]!;
      if (position[axis]! < shape[axis]!) break;
      offset -= strides[axis]! * shape[axis]!;
      position[axis] = 0;
    }
  }
}

const DECODERS: Readonly<Record<StorageType, (view: DataView, at: number) => number>> = {
  f64: (view, at) => view.getFloat64(at, true),
  f32: (view, at) => view.getFloat32(at, true),
  f16: (view, at) => halves()[view.getUint16(at, true)] as number,
  bf16: (view, at) => bfloatToFloat(view.getUint16(at, true)),
  i64: (view, at) => Number(view.getBigInt64(at, true)),
  i32: (view, at) => view.getInt32(at, true),
  i16: (view, at) => view.getInt16(at, true),
  i8: (view, at) => view.getInt8(at),
  u8: (view, at) => view.getUint8(at),
  bool: (view, at) => Number(view.getUint8(at) !== 0),
};

let table: Float32Array | undefined;

/** The values of all 65 536 halves, made once: a tensor has millions. */
function halves(): Float32Array {
  table ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => halfToFloat(bits));
  return table;
}

/** IEEE 754 binary16. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const scratch = new DataView(new ArrayBuffer(4));

/** The upper half of a float32. */
function bfloatToFloat(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}
