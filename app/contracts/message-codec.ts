/**
 * Messages of a port as bytes, for channels that carry nothing else: JSON with typed arrays set aside behind it.
 *
 *   u32 length of the JSON | JSON | padding to 8 | array | padding to 8 | array | …
 */
import { StudioError } from '../base/errors.ts';

const ALIGNMENT = 8;
/** Bytes of a message that are let through. */
export const MAX_MESSAGE_BYTES = 512 * 2 ** 20;

const ARRAYS = { u8: Uint8Array, i32: Int32Array, f32: Float32Array, f64: Float64Array } as const;
type ArrayKind = keyof typeof ARRAYS;
type Binary = InstanceType<(typeof ARRAYS)[ArrayKind]>;

/** Stands for an array in the JSON: its kind, where it begins after the JSON, and its length. */
interface Reference {
  readonly $array: ArrayKind;
  readonly at: number;
  readonly length: number;
}

/** @throws bad-request for what cannot be sent, such as an array of another kind */
export function encodeMessage(message: unknown): Uint8Array<ArrayBuffer> {
  const arrays: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  let end = 0;
  const setAside = (_: string, value: unknown): unknown => {
    if (!ArrayBuffer.isView(value)) return value;
    const reference: Reference = { $array: kindOf(value), at: end, length: (value as Binary).length };
    arrays.push({ at: end, bytes: new Uint8Array(value.buffer, value.byteOffset, value.byteLength) });
    end = aligned(end + value.byteLength);
    return reference;
  };
  const json = new TextEncoder().encode(JSON.stringify(message, setAside));
  const start = aligned(4 + json.length);
  const bytes = new Uint8Array(start + end);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 4);
  for (const array of arrays) bytes.set(array.bytes, start + array.at);
  return bytes;
}

/** @throws bad-request for bytes that are no message */
export function decodeMessage(bytes: Uint8Array): unknown {
  const length = bytes.length >= 4 ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) : -1;
  const start = aligned(4 + length);
  if (length < 0 || 4 + length > bytes.length) throw malformed();
  const bringBack = (_: string, value: unknown): unknown =>
    isReference(value) ? readArray(bytes, start + value.at, value) : value;
  try {
    return JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)), bringBack);
  } catch {
    throw malformed();
  }
}

function kindOf(view: ArrayBufferView): ArrayKind {
  for (const [kind, Type] of Object.entries(ARRAYS)) if (view instanceof Type) return kind as ArrayKind;
  throw new StudioError('bad-request', 'A message holds an array of a kind that cannot be sent.');
}

function isReference(value: unknown): value is Reference {
  if (typeof value !== 'object' || value === null || !('$array' in value)) return false;
  const { $array, at, length } = value as Partial<Record<keyof Reference, unknown>>;
  return typeof $array === 'string' && Object.hasOwn(ARRAYS, $array) && isSize(at) && isSize(length);
}

function isSize(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** A copy, so that the array is aligned and does not hold on to the message. */
function readArray(bytes: Uint8Array, at: number, { $array, length }: Reference): Binary {
  const Type = ARRAYS[$array];
  const end = at + length * Type.BYTES_PER_ELEMENT;
  if (end > bytes.length) throw malformed();
  const start = bytes.byteOffset + at;
  return new Type(bytes.buffer.slice(start, bytes.byteOffset + end) as ArrayBuffer);
}

function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}

function malformed(): StudioError {
  return new StudioError('bad-request', 'The message cannot be read.');
}
