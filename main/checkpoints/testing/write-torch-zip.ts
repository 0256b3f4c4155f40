/**
 * Writes checkpoints as `torch.save` does: a zip archive of stored files, a pickle and one file for each tensor. One tensor's
 * bytes are in memory at a time. For tests and benchmarks.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { StorageType } from '../../../native-models/weights/tensor-entry.ts';
import { contiguousStrides, elementCount } from '../../../native-models/weights/tensor-entry.ts';

export interface TensorToZip {
  readonly name: string;
  readonly type: Exclude<StorageType, 'i16' | 'i8'>;
  readonly shape: readonly number[];
  readonly strides?: readonly number[];
  /** The whole storage. */
  readonly bytes: Uint8Array | (() => Uint8Array);
}

export interface ZipOptions {
  /** Keys that lead to the state dict, such as `['model']`. */
  readonly root?: readonly string[];
  /** Writes 64-bit sizes; when left out, where the file needs them. */
  readonly zip64?: boolean;
  /** Marks every entry as compressed, which it is not. */
  readonly compressed?: boolean;
  readonly byteorder?: 'little' | 'big';
  /** Takes the place of the pickle that describes the tensors. */
  readonly pickle?: Uint8Array;
}

const STORAGES: Readonly<Record<TensorToZip['type'], string>> = {
  f32: 'FloatStorage',
  f16: 'HalfStorage',
  bf16: 'BFloat16Storage',
  f64: 'DoubleStorage',
  i64: 'LongStorage',
  i32: 'IntStorage',
  u8: 'ByteStorage',
  bool: 'BoolStorage',
};
const ALIGNMENT = 64;
const MAX_U32 = 0xffffffff;

export function writeTorchZip(path: string, tensors: Iterable<TensorToZip>, options: ZipOptions = {}): void {
  const archive = new ZipFile(path, options);
  const list = [...tensors];
  archive.add('archive/data.pkl', options.pickle ?? torchPickle(list, options.root));
  archive.add('archive/byteorder', new TextEncoder().encode(options.byteorder ?? 'little'));
  for (const [i, { bytes }] of list.entries()) {
    archive.add(`archive/data/${i}`, typeof bytes === 'function' ? bytes() : bytes);
  }
  archive.add('archive/version', new TextEncoder().encode('3\n'));
  archive.finish();
}

interface Record64 {
  readonly name: Uint8Array;
  readonly offset: number;
  readonly size: number;
  readonly crc: number;
}

class ZipFile {
  readonly #file: number;
  readonly #options: ZipOptions;
  readonly #records: Record64[] = [];
  #at = 0;

  constructor(path: string, options: ZipOptions) {
    this.#file = openSync(path, 'w');
    this.#options = options;
  }

  add(name: string, bytes: Uint8Array): void {
    const record = { name: new TextEncoder().encode(name), offset: this.#at, size: bytes.length, crc: crc32(bytes) };
    this.#records.push(record);
    const headerBytes = 30 + record.name.length + 4;
    const padding = (ALIGNMENT - ((this.#at + headerBytes) % ALIGNMENT)) % ALIGNMENT;
    const header = new Fields()
      .u32(0x04034b50)
      .u16(20, 0, this.#method, 0, 0)
      .u32(record.crc, record.size, record.size)
      .u16(record.name.length, 4 + padding)
      .bytes(record.name)
      .u16(0x4246, padding)
      .bytes(new Uint8Array(padding));
    this.#write(header.finish());
    this.#write(bytes);
  }

  finish(): void {
    const start = this.#at;
    for (const record of this.#records) this.#write(this.#central(record));
    const size = this.#at - start;
    const count = this.#records.length;
    if (this.#wide) {
      const end = this.#at;
      this.#write(new Fields().u32(0x06064b50).u64(44).u16(45, 45).u32(0, 0).u64(count, count, size, start).finish());
      this.#write(new Fields().u32(0x07064b50, 0).u64(end).u32(1).finish());
      this.#write(new Fields().u32(0x06054b50).u16(0, 0, 0xffff, 0xffff).u32(MAX_U32, MAX_U32).u16(0).finish());
    } else {
      this.#write(new Fields().u32(0x06054b50).u16(0, 0, count, count).u32(size, start).u16(0).finish());
    }
    closeSync(this.#file);
  }

  get #wide(): boolean {
    return this.#options.zip64 ?? this.#at > MAX_U32;
  }

  get #method(): number {
    return this.#options.compressed ? 8 : 0;
  }

  #central({ name, offset, size, crc }: Record64): Uint8Array {
    const wide = this.#wide;
    const head = new Fields().u32(0x02014b50).u16(20, 20, 0, this.#method, 0, 0).u32(crc);
    head.u32(wide ? MAX_U32 : size, wide ? MAX_U32 : size).u16(name.length, wide ? 28 : 0, 0, 0, 0);
    head.u32(0, wide ? MAX_U32 : offset).bytes(name);
    if (wide) head.u16(1, 24).u64(size, size, offset);
    return head.finish();
  }

  #write(bytes: Uint8Array): void {
    let done = 0;
    while (done < bytes.length) done += writeSync(this.#file, bytes, done, bytes.length - done);
    this.#at += bytes.length;
  }
}

/** Little-endian numbers in a row. */
class Fields {
  readonly #bytes: number[] = [];

  u16(...values: number[]): this {
    for (const value of values) this.#append(value, 2);
    return this;
  }

  u32(...values: number[]): this {
    for (const value of values) this.#append(value, 4);
    return this;
  }

  u64(...values: number[]): this {
    for (const value of values) this.#append(value, 8);
    return this;
  }

  bytes(values: Iterable<number>): this {
    this.#bytes.push(...values);
    return this;
  }

  text(value: string): this {
    return this.bytes(new TextEncoder().encode(value));
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  #append(value: number, width: number): void {
    for (let i = 0; i < width; i++) this.#bytes.push(Math.floor(value / 2 ** (8 * i)) & 0xff);
  }
}

/** Protocol 2: the state dict as an OrderedDict, below the keys of `root`. */
export function torchPickle(tensors: readonly TensorToZip[], root: readonly string[] = []): Uint8Array {
  const out = new Fields().bytes([0x80, 2]);
  for (const key of root) {
    out.text('}');
    pushText(out, key);
  }
  out.text('ccollections\nOrderedDict\n').text(')R(');
  for (const [i, tensor] of tensors.entries()) {
    pushText(out, tensor.name);
    pushTensor(out, tensor, i);
  }
  out.text('u');
  for (const _ of root) out.text('s');
  return out.text('.').finish();
}

function pushTensor(out: Fields, { type, shape, strides, bytes }: TensorToZip, storage: number): void {
  out.text('ctorch._utils\n_rebuild_tensor_v2\n').text('((');
  pushText(out, 'storage');
  out.text(`ctorch\n${STORAGES[type]}\n`);
  pushText(out, `${storage}`);
  pushText(out, 'cpu');
  pushInteger(out, typeof bytes === 'function' ? elementCount(shape) : storageCount(type, bytes));
  out.text('tQ');
  pushInteger(out, 0);
  for (const numbers of [shape, strides ?? contiguousStrides(shape)]) {
    out.text('(');
    for (const value of numbers) pushInteger(out, value);
    out.text('t');
  }
  out.bytes([0x89]).text('ccollections\nOrderedDict\n').text(')RtR');
}

function storageCount(type: TensorToZip['type'], bytes: Uint8Array): number {
  const width = { f32: 4, f16: 2, bf16: 2, f64: 8, i64: 8, i32: 4, u8: 1, bool: 1 }[type];
  return Math.floor(bytes.length / width);
}

function pushText(out: Fields, text: string): void {
  const bytes = new TextEncoder().encode(text);
  out.text('X').u32(bytes.length).bytes(bytes);
}

/** LONG1 of eight bytes takes any size. */
function pushInteger(out: Fields, value: number): void {
  out.bytes([0x8a, 8]).u64(value);
}
