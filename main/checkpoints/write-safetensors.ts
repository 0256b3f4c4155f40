/**
 * Writes safetensors files, atomically and one tensor at a time.
 */
import type { FileHandle } from 'node:fs/promises';
import type { NamedArray } from '../../native-models/pipeline.ts';
import type { DerivedTensor } from '../../native-models/weights/derived-tensor.ts';
import { byteLength } from '../../native-models/weights/tensor-entry.ts';
import { writeAtomic } from '../files/atomic-write.ts';

/** A tensor whose elements are computed when they are written. */
export interface TensorToWrite {
  readonly name: string;
  readonly type: DerivedTensor['type'] | NamedArray['type'];
  readonly shape: readonly number[];
  produce(): Promise<ArrayBufferView>;
}

/** Throws `disk-full` or `unwritable`; nothing is left behind then. */
export function writeSafetensors(path: string, tensors: ReadonlyMap<string, NamedArray>): Promise<void> {
  const items = [...tensors].map(([name, { type, shape, data }]) => ({ name, type, shape, produce: async () => data }));
  return streamSafetensors(path, items);
}

/** As `writeSafetensors`, with one tensor in memory at a time. */
export function streamSafetensors(path: string, tensors: readonly TensorToWrite[]): Promise<void> {
  return writeAtomic(path, async (file) => {
    await writeAll(file, header(tensors));
    for (const { name, type, shape, produce } of tensors) {
      const data = await produce();
      const expected = byteLength({ type, shape });
      if (data.byteLength !== expected) throw new RangeError(`${name}: ${data.byteLength} bytes for ${expected}.`);
      await writeAll(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
  });
}

/** The length of the JSON, then the JSON, padded so that the data is aligned. */
function header(tensors: readonly TensorToWrite[]): Uint8Array {
  let offset = 0;
  const fields = tensors.map(({ name, type, shape }) => {
    const begin = offset;
    offset += byteLength({ type, shape });
    return [name, { dtype: type.toUpperCase(), shape, data_offsets: [begin, offset] }] as const;
  });
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(fields)));
  const padded = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(json, 8);
  return bytes;
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.length) done += (await file.write(bytes, done, bytes.length - done)).bytesWritten;
}
