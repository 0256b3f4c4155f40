/**
 * Reads the arguments of pickle opcodes from bytes, never beyond their end.
 */

/** A pickle that breaks its own rules; the caller says in which file. */
export class PickleError extends Error {
  override readonly name = 'PickleError';
}

const NEWLINE = 0x0a;
const MAX_LINE_BYTES = 4096;

export class PickleReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  u64(): number {
    const at = this.#take(8);
    const value = this.#view.getUint32(at, true) + this.#view.getUint32(at + 4, true) * 2 ** 32;
    if (!Number.isSafeInteger(value)) throw new PickleError('it holds a length that cannot be');
    return value;
  }

  /** Big-endian, as pickles have it. */
  f64(): number {
    return this.#view.getFloat64(this.#take(8), false);
  }

  text(length: number): string {
    const at = this.#take(length);
    return new TextDecoder().decode(this.#bytes.subarray(at, at + length));
  }

  skip(length: number): void {
    this.#take(length);
  }

  /** A little-endian two's-complement number; beyond 53 bits it becomes an infinity, which nothing accepts as a size. */
  long(length: number): number {
    const at = this.#take(length);
    if (length === 0) return 0;
    if (length > 8) return Number.POSITIVE_INFINITY;
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.#bytes[at + i] as number);
    const signed = Number(BigInt.asIntN(length * 8, value));
    return Number.isSafeInteger(signed) ? signed : Number.POSITIVE_INFINITY;
  }

  line(): string {
    const end = this.#bytes.indexOf(NEWLINE, this.#at);
    if (end < 0 || end - this.#at > MAX_LINE_BYTES) throw new PickleError('a line in it has no end');
    const text = this.text(end - this.#at);
    this.#take(1);
    return text;
  }

  #take(length: number): number {
    const at = this.#at;
    if (length > this.#bytes.length - at) throw new PickleError('it ends too early');
    this.#at += length;
    return at;
  }
}
