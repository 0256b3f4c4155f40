/**
 * Reads the elements of a tensor.
 */
import { open } from 'node:fs/promises';
import { corrupt } from '../../native-models/weights/corrupt.ts';
import {
  ELEMENT_BYTES,
  elementCount,
  isContiguous,
  type StorageType,
  type TensorEntry,
} from '../../native-models/weights/tensor-entry.ts';

/** All elements as float32, row-major, whatever the storage type and the strides. */
export async function readFloats(entry: TensorEntry): Promise<Float32Array> {
  const bytes = await readRaw(entry);
  if (entry.type === 'f32' && isContiguous(entry)) return new Float32Array(bytes.buffer);
  return Float32Array.from(elements(entry, bytes));
}

/** All elements of an integer tensor as numbers, row-major; 64-bit numbers beyond 2^53 are rounded. */
export async function readIntegers(entry: TensorEntry): Promise<number[]> {
  return [...elements(entry, await readRaw(entry))];
}

/** The bytes from the first element to the last, gaps of a strided tensor included. */
async function readRaw(entry: TensorEntry): Promise<Uint8Array<ArrayBuffer>> {
  const span = elementCount(entry.shape) === 0 ? 0 : 1 + lastOffset(entry);
  const bytes = new Uint8Array(span * ELEMENT_BYTES[entry.type]);
  const file = await open(entry.file, 'r');
  try {
    let done = 0;
    while (done < bytes.length) {
      const { bytesRead } = await file.read(bytes, done, bytes.length - done, entry.offset + done);
      if (bytesRead === 0) throw corrupt(entry.file, 'it is shorter than when it was opened');
      done += bytesRead;
    }
  } finally {
    await file.close();
  }
  return bytes;
}

function lastOffset({ shape, strides }: TensorEntry): number {
  return shape.reduce((sum, size, axis) => sum + (size - 1) * (strides[axis] as number), 0);
}

function* elements(entry: TensorEntry, bytes: Uint8Array): Generator<number> {
  const decode = DECODERS[entry.type];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = ELEMENT_BYTES[entry.type];
  for (const offset of offsets(entry)) yield decode(view, offset * width);
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
  f16: (view, at) => halfToFloat(view.getUint16(at, true)),
  bf16: (view, at) => bfloatToFloat(view.getUint16(at, true)),
  i64: (view, at) => Number(view.getBigInt64(at, true)),
  i32: (view, at) => view.getInt32(at, true),
  i16: (view, at) => view.getInt16(at, true),
  i8: (view, at) => view.getInt8(at),
  u8: (view, at) => view.getUint8(at),
  bool: (view, at) => Number(view.getUint8(at) !== 0),
};

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
