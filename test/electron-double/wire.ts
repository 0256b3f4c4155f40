/**
 * Structured data as JSON text, for the way between Node and Chromium's pages: what `structuredClone` takes as far as
 * the studio uses it, typed arrays and buffers included.
 */

const ARRAYS = {
  Uint8Array,
  Uint8ClampedArray,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
} as const;

type ArrayName = keyof typeof ARRAYS;

/** What JSON has no word for is a list of two that starts with this mark. */
const MARK = '\u0000wire';

type Marked = readonly [mark: typeof MARK, kind: string, value?: string];

/** Throws a `DataCloneError` for functions, symbols and objects of classes. */
export function encode(value: unknown): string {
  return JSON.stringify(toPlain(value));
}

export function decode(text: string): unknown {
  return fromPlain(JSON.parse(text));
}

function toPlain(value: unknown): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (value === undefined) return mark('undefined');
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? value : mark('number', value);
  if (typeof value === 'bigint') return mark('bigint', value);
  if (typeof value !== 'object') throw cloneError(value);
  if (value instanceof ArrayBuffer) return mark('ArrayBuffer', toBase64(new Uint8Array(value)));
  if (ArrayBuffer.isView(value)) return viewToPlain(value);
  if (Array.isArray(value)) return value.map(toPlain);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) throw cloneError(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toPlain(item)]));
}

function viewToPlain(view: ArrayBufferView): Marked {
  // A Node buffer arrives as the plain array that it is.
  const name = ArrayBuffer.isView(view) && view.constructor.name === 'Buffer' ? 'Uint8Array' : view.constructor.name;
  if (!Object.hasOwn(ARRAYS, name)) throw cloneError(view);
  return mark(name, toBase64(new Uint8Array(view.buffer, view.byteOffset, view.byteLength)));
}

function fromPlain(value: unknown): unknown {
  if (isMarked(value)) return fromMarked(value);
  if (Array.isArray(value)) return value.map(fromPlain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromPlain(item)]));
}

function fromMarked([, kind, value = '']: Marked): unknown {
  if (kind === 'undefined') return undefined;
  if (kind === 'number') return value === '-0' ? -0 : Number(value);
  if (kind === 'bigint') return BigInt(value);
  const bytes = fromBase64(value);
  return kind === 'ArrayBuffer' ? bytes.buffer : new ARRAYS[kind as ArrayName](bytes.buffer);
}

function mark(kind: string, value?: unknown): Marked {
  return Object.is(value, -0)
    ? [MARK, kind, '-0']
    : ([MARK, kind, ...(value === undefined ? [] : [String(value)])] as never);
}

function isMarked(value: unknown): value is Marked {
  return Array.isArray(value) && value[0] === MARK;
}

function cloneError(value: unknown): DOMException {
  return new DOMException(`${String(value)} could not be cloned.`, 'DataCloneError');
}

/** In pieces, because a call takes only so many arguments. */
function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 8192) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  return btoa(pieces.join(''));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
