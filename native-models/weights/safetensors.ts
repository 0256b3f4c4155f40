/**
 * The safetensors container: a JSON header of names, types, shapes and offsets, then the bytes.
 * Format: https://github.com/huggingface/safetensors#format
 */
import type { ByteSource } from './byte-source.ts';
import { corrupt, isSize, safeProduct, shown } from './corrupt.ts';
import { outlineJson } from './json-outline.ts';
import {
  contiguousStrides,
  ELEMENT_BYTES,
  type StorageType,
  type TensorEntry,
  type TensorIndex,
} from './tensor-entry.ts';

/** The format's own limit. */
const MAX_HEADER_BYTES = 100_000_000;
/** Braces, brackets, colons and commas: about 15 a tensor. */
const MAX_HEADER_MARKS = 1_000_000;
/** The header, a tensor, its shape. */
const MAX_HEADER_DEPTH = 3;
const MAX_RANK = 16;
const PREFIX_BYTES = 8;

const TYPES: Readonly<Record<string, StorageType>> = {
  F64: 'f64',
  F32: 'f32',
  F16: 'f16',
  BF16: 'bf16',
  I64: 'i64',
  I32: 'i32',
  I16: 'i16',
  I8: 'i8',
  U8: 'u8',
  BOOL: 'bool',
};

/** Whether the first bytes look like a safetensors file: a plausible header length, then `{`. */
export function looksLikeSafetensors(head: Uint8Array, size: number): boolean {
  if (head.length <= PREFIX_BYTES || head[PREFIX_BYTES] !== 0x7b) return false;
  return headerLength(head) <= size - PREFIX_BYTES || headerLength(head) <= MAX_HEADER_BYTES;
}

/**
 * Reads the header.
 *
 * @throws corrupt-checkpoint for a header that lies about sizes, overlapping tensors, gaps or unknown types
 */
export async function readSafetensorsIndex(source: ByteSource): Promise<TensorIndex> {
  if (source.size < PREFIX_BYTES) throw corrupt(source.name, 'it is too short');
  const length = headerLength(await source.read(0, PREFIX_BYTES));
  if (length > MAX_HEADER_BYTES) throw corrupt(source.name, `its header claims ${length} bytes`);
  if (length > source.size - PREFIX_BYTES) throw corrupt(source.name, 'its header is longer than the file');
  const json = await source.read(PREFIX_BYTES, length);
  const { keys } = outlineJson(source.name, json, { depth: MAX_HEADER_DEPTH, marks: MAX_HEADER_MARKS });
  const header = parseHeader(source.name, json);
  if (Object.keys(header).length !== keys) throw corrupt(source.name, 'its header names a tensor twice');
  const start = PREFIX_BYTES + length;
  const entries = new Map<string, TensorEntry>();
  for (const [name, fields] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    entries.set(name, parseEntry(source, start, name, fields));
  }
  checkLayout(source, start, [...entries.values()]);
  return { file: source.name, entries };
}

/** More than the format allows becomes infinity. */
function headerLength(head: Uint8Array): number {
  const view = new DataView(head.buffer, head.byteOffset, PREFIX_BYTES);
  return view.getUint32(4, true) === 0 ? view.getUint32(0, true) : Number.POSITIVE_INFINITY;
}

function parseHeader(file: string, bytes: Uint8Array): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof header === 'object' && header !== null && !Array.isArray(header))
      return header as Record<string, unknown>;
  } catch {
    // Falls through: whatever the parser disliked, the header is not JSON.
  }
  throw corrupt(file, 'its header is not JSON');
}

function parseEntry(source: ByteSource, start: number, name: string, fields: unknown): TensorEntry {
  const wrong = (what: string) => corrupt(source.name, `tensor '${shown(name)}' has ${what}`);
  if (typeof fields !== 'object' || fields === null) throw wrong('no description');
  const { dtype, shape, data_offsets: offsets } = fields as Record<string, unknown>;
  const type = typeof dtype === 'string' && Object.hasOwn(TYPES, dtype) ? TYPES[dtype] : undefined;
  if (!type) throw wrong(`an unknown type ${shown(JSON.stringify(dtype) ?? 'none')}`);
  if (!Array.isArray(shape) || shape.length > MAX_RANK || !shape.every(isSize))
    throw wrong('a shape that makes no sense');
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) throw wrong('no offsets');
  const [begin, end] = offsets as [number, number];
  const count = safeProduct(shape);
  if (count === undefined || end - begin !== count * ELEMENT_BYTES[type]) throw wrong('a size that is not its shape’s');
  if (start + end > source.size) throw wrong('bytes beyond the end of the file');
  return { name, type, shape, strides: contiguousStrides(shape), file: source.name, offset: start + begin };
}

/** The format wants every byte to belong to exactly one tensor. */
function checkLayout(source: ByteSource, start: number, entries: TensorEntry[]): void {
  let expected = start;
  for (const entry of entries.toSorted((a, b) => a.offset - b.offset || bytesOf(a) - bytesOf(b))) {
    if (entry.offset !== expected)
      throw corrupt(source.name, `tensor '${shown(entry.name)}' overlaps another or leaves a gap`);
    expected += bytesOf(entry);
  }
  if (expected !== source.size) throw corrupt(source.name, `${source.size - expected} bytes belong to no tensor`);
}

function bytesOf(entry: TensorEntry): number {
  return (safeProduct(entry.shape) ?? 0) * ELEMENT_BYTES[entry.type];
}
