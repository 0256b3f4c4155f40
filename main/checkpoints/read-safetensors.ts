/**
 * Reads a whole small safetensors file into memory.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { NamedArray } from '../../native-models/pipeline.ts';
import { readSafetensorsIndex } from '../../native-models/weights/safetensors.ts';
import { byteLength, type TensorEntry } from '../../native-models/weights/tensor-entry.ts';
import { withFileSource } from './file-source.ts';

/** Beyond this a file is not "small" and would fill the memory. */
const MAX_BYTES = 2 ** 31;

/** Throws `missing-file`, `corrupt-checkpoint`, or `bad-request` for a type that traces do not have or a file too large. */
export function readSafetensors(path: string): Promise<Map<string, NamedArray>> {
  return withFileSource(path, async (source) => {
    if (source.size > MAX_BYTES) {
      throw new StudioError(
        'bad-request',
        `${path} is larger than ${MAX_BYTES} bytes, too large to be read as a whole.`,
      );
    }
    const { entries } = await readSafetensorsIndex(source);
    const tensors = new Map<string, NamedArray>();
    for (const entry of entries.values()) {
      const bytes = await source.read(entry.offset, byteLength(entry));
      tensors.set(entry.name, namedArray(path, entry, bytes.buffer as ArrayBuffer));
    }
    return tensors;
  });
}

function namedArray(path: string, { name, type, shape }: TensorEntry, buffer: ArrayBuffer): NamedArray {
  switch (type) {
    case 'f32':
      return { type, shape, data: new Float32Array(buffer) };
    case 'f64':
      return { type, shape, data: new Float64Array(buffer) };
    case 'i32':
      return { type, shape, data: new Int32Array(buffer) };
    case 'i64':
      return { type, shape, data: new BigInt64Array(buffer) };
    case 'u8':
    case 'bool':
      return { type: 'u8', shape, data: new Uint8Array(buffer) };
    default:
      throw new StudioError('bad-request', `${path}: '${name}' is ${type}; use f32, f64, i32, i64 or u8.`);
  }
}
