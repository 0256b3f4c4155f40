/**
 * The list of files in a zip archive, zip64 included. Only stored (uncompressed) entries have a place in a checkpoint.
 * Format: PKWARE APPNOTE 6.3.10, §4.3.
 */
import type { ByteSource } from './byte-source.ts';
import { corrupt, shown } from './corrupt.ts';

export interface ZipEntry {
  readonly name: string;
  /** Byte offset of the contents in the archive. */
  readonly offset: number;
  readonly size: number;
  readonly compressed: boolean;
}

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const LOCATOR_SIGNATURE = 0x07064b50;
const LOCATOR_BYTES = 20;
const END64_SIGNATURE = 0x06064b50;
const END64_BYTES = 56;
const CENTRAL_SIGNATURE = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const ZIP64_EXTRA = 1;
const MAX_U32 = 0xffffffff;
const MAX_U16 = 0xffff;

const MAX_ENTRIES = 50_000;
const MAX_DIRECTORY_BYTES = 64 * 2 ** 20;

export function looksLikeZip(head: Uint8Array): boolean {
  return head.length >= 4 && view(head).getUint32(0, true) === LOCAL_SIGNATURE;
}

/** Entries by name. Throws `corrupt-checkpoint` for anything that does not fit, such as overlaps and duplicates. */
export async function readZipDirectory(source: ByteSource): Promise<Map<string, ZipEntry>> {
  const { offset, size, count } = await findDirectory(source);
  if (count > MAX_ENTRIES || size > MAX_DIRECTORY_BYTES) throw corrupt(source.name, `its archive lists ${count} files`);
  if (offset + size > source.size) throw corrupt(source.name, 'its archive’s directory lies beyond the end');
  const bytes = await source.read(offset, size);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    const { header, length } = parseCentral(source.name, bytes, at);
    at += length;
    if (entries.has(header.name)) throw corrupt(source.name, `its archive has '${shown(header.name)}' twice`);
    entries.set(header.name, await locate(source, header, offset));
  }
  checkOverlaps(source.name, [...entries.values()]);
  return entries;
}

interface Directory {
  readonly offset: number;
  readonly size: number;
  readonly count: number;
}

async function findDirectory(source: ByteSource): Promise<Directory> {
  const tailBytes = Math.min(source.size, END_BYTES + MAX_COMMENT_BYTES);
  const tailStart = source.size - tailBytes;
  const tail = view(await source.read(tailStart, tailBytes));
  for (let at = tailBytes - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END_SIGNATURE) continue;
    const count = tail.getUint16(at + 10, true);
    const size = tail.getUint32(at + 12, true);
    const offset = tail.getUint32(at + 16, true);
    const large = count === MAX_U16 || size === MAX_U32 || offset === MAX_U32;
    return large ? readZip64End(source, tailStart + at) : { offset, size, count };
  }
  throw corrupt(source.name, 'its archive has no end: the download was cut off');
}

async function readZip64End(source: ByteSource, end: number): Promise<Directory> {
  if (end < LOCATOR_BYTES) throw corrupt(source.name, 'its zip64 locator is missing');
  const locator = view(await source.read(end - LOCATOR_BYTES, LOCATOR_BYTES));
  const at = safeU64(locator, 8);
  const found = locator.getUint32(0, true) === LOCATOR_SIGNATURE && at !== undefined && at + END64_BYTES <= source.size;
  if (!found) throw corrupt(source.name, 'its zip64 locator is wrong');
  const record = view(await source.read(at, END64_BYTES));
  const [count, size, offset] = [safeU64(record, 32), safeU64(record, 40), safeU64(record, 48)];
  if (
    record.getUint32(0, true) !== END64_SIGNATURE ||
    count === undefined ||
    size === undefined ||
    offset === undefined
  ) {
    throw corrupt(source.name, 'its zip64 end is wrong');
  }
  return { offset, size, count };
}

interface CentralHeader {
  readonly name: string;
  readonly method: number;
  readonly flags: number;
  readonly packedSize: number;
  readonly size: number;
  readonly localOffset: number;
}

function parseCentral(file: string, bytes: Uint8Array, at: number): { header: CentralHeader; length: number } {
  const data = view(bytes);
  if (at + CENTRAL_BYTES > bytes.length || data.getUint32(at, true) !== CENTRAL_SIGNATURE) {
    throw corrupt(file, 'its archive’s directory is cut off');
  }
  const nameBytes = data.getUint16(at + 28, true);
  const extraBytes = data.getUint16(at + 30, true);
  const length = CENTRAL_BYTES + nameBytes + extraBytes + data.getUint16(at + 32, true);
  if (at + length > bytes.length) throw corrupt(file, 'its archive’s directory is cut off');
  const nameStart = at + CENTRAL_BYTES;
  const sizes = {
    size: data.getUint32(at + 24, true),
    packedSize: data.getUint32(at + 20, true),
    localOffset: data.getUint32(at + 42, true),
  };
  const extra = bytes.subarray(nameStart + nameBytes, nameStart + nameBytes + extraBytes);
  const header = {
    name: new TextDecoder().decode(bytes.subarray(nameStart, nameStart + nameBytes)),
    method: data.getUint16(at + 10, true),
    flags: data.getUint16(at + 8, true),
    ...widen(file, sizes, extra),
  };
  return { header, length };
}

type Sizes = Pick<CentralHeader, 'size' | 'packedSize' | 'localOffset'>;

/** Takes the 64-bit sizes from the extra field where the 32-bit ones are full. */
function widen(file: string, sizes: Sizes, extra: Uint8Array): Sizes {
  const full = (['size', 'packedSize', 'localOffset'] as const).filter((key) => sizes[key] === MAX_U32);
  if (full.length === 0) return sizes;
  const field = findZip64Extra(extra);
  if (!field || field.byteLength < full.length * 8) throw corrupt(file, 'its archive lacks 64-bit sizes');
  const wide = full.map((key, i) => [key, safeU64(field, i * 8)] as const);
  if (wide.some(([, value]) => value === undefined)) throw corrupt(file, 'its archive claims impossible sizes');
  return { ...sizes, ...Object.fromEntries(wide) };
}

function findZip64Extra(extra: Uint8Array): DataView | undefined {
  const data = view(extra);
  for (let at = 0; at + 4 <= extra.length; ) {
    const size = data.getUint16(at + 2, true);
    if (at + 4 + size > extra.length) return undefined;
    if (data.getUint16(at, true) === ZIP64_EXTRA) return view(extra.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return undefined;
}

/** The local header has a name and an extra field of its own length: the contents come after them. */
async function locate(source: ByteSource, header: CentralHeader, directory: number): Promise<ZipEntry> {
  const { name, method, flags, localOffset, size, packedSize } = header;
  if (localOffset + LOCAL_BYTES > directory)
    throw corrupt(source.name, `'${shown(name)}' lies beyond the archive’s contents`);
  if (flags & 1) throw corrupt(source.name, `'${shown(name)}' is encrypted`);
  const local = view(await source.read(localOffset, LOCAL_BYTES));
  if (local.getUint32(0, true) !== LOCAL_SIGNATURE)
    throw corrupt(source.name, `'${shown(name)}' is not where the archive says`);
  const offset = localOffset + LOCAL_BYTES + local.getUint16(26, true) + local.getUint16(28, true);
  if (offset + packedSize > directory) throw corrupt(source.name, `'${shown(name)}' is longer than the archive`);
  if (method === 0 && size !== packedSize) throw corrupt(source.name, `'${shown(name)}' has two sizes`);
  return { name, offset, size, compressed: method !== 0 };
}

function checkOverlaps(file: string, entries: ZipEntry[]): void {
  let end = 0;
  for (const entry of entries.filter(({ compressed }) => !compressed).toSorted((a, b) => a.offset - b.offset)) {
    if (entry.offset < end) throw corrupt(file, `'${shown(entry.name)}' overlaps another file of the archive`);
    end = entry.offset + entry.size;
  }
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A 64-bit number, or undefined when float64 does not hold it exactly. */
function safeU64(data: DataView, at: number): number | undefined {
  const value = data.getUint32(at, true) + data.getUint32(at + 4, true) * 2 ** 32;
  return Number.isSafeInteger(value) ? value : undefined;
}
