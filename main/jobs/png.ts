/**
 * Pictures as PNG files that carry their record in one iTXt chunk with the keyword `underpaint`.
 *
 * Source: W3C, Portable Network Graphics (PNG) Specification, third edition, sections 5 (structure) and 11.3.3.4 (iTXt).
 */
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { StudioError } from '../../app/base/errors.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import { type PictureRecord, parsePictureRecord } from './picture-record.ts';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const KEYWORD = 'underpaint';
/** Length, type and CRC of a chunk. */
const CHUNK_FRAME = 12;
/** The header is the first chunk and has 13 bytes of data. */
const HEADER_END = SIGNATURE.length + CHUNK_FRAME + 13;
/** Bytes that a record may have: tokens take some kilobytes, and what stood in a large area some megabytes. */
const MAX_RECORD_BYTES = 48 * 2 ** 20;

/** A picture without a record. */
export async function encodePlainPng(image: RgbImage): Promise<Buffer> {
  // Loaded when the first picture is written: commands that write none start faster.
  const { default: sharp } = await import('sharp');
  const { width, height, data } = image;
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** A picture with its record. The same picture and record make the same bytes. */
export async function encodePng(image: RgbImage, record: PictureRecord): Promise<Buffer> {
  const plain = await encodePlainPng(image);
  return Buffer.concat([plain.subarray(0, HEADER_END), recordChunk(record), plain.subarray(HEADER_END)]);
}

function recordChunk(record: PictureRecord): Buffer {
  // Keyword, 0, "compressed", method 0 (zlib), empty language, empty translated keyword, text.
  const head = Buffer.from(`${KEYWORD}\0\x01\0\0\0`, 'latin1');
  return chunk('iTXt', Buffer.concat([head, deflateSync(JSON.stringify(record), { level: 9 })]));
}

function chunk(type: string, data: Buffer): Buffer {
  const framed = Buffer.alloc(CHUNK_FRAME + data.length);
  framed.writeUInt32BE(data.length, 0);
  framed.write(type, 4, 'latin1');
  data.copy(framed, 8);
  framed.writeUInt32BE(crc32(framed.subarray(4, 8 + data.length)), 8 + data.length);
  return framed;
}

/**
 * Reads the record of a picture.
 *
 * @throws StudioError corrupt-input when the file is no PNG, is damaged, or carries no record or a forged one
 */
export function readPngRecord(bytes: Uint8Array): PictureRecord {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!file.subarray(0, SIGNATURE.length).equals(SIGNATURE)) {
    throw new StudioError('corrupt-input', 'This is not a PNG picture.', { hint: 'Give a PNG that Underpaint wrote.' });
  }
  for (const { type, data } of chunks(file)) {
    const text = type === 'iTXt' ? recordText(data) : undefined;
    if (text !== undefined) return parseRecordText(text);
  }
  throw new StudioError('corrupt-input', 'The picture does not say how it was made.', {
    hint: 'Only PNGs that Underpaint wrote can be made again, and many programs drop the record when they save a copy.',
  });
}

function* chunks(file: Buffer): Generator<{ type: string; data: Buffer }> {
  for (let at = SIGNATURE.length; at < file.length; ) {
    const length = at + CHUNK_FRAME <= file.length ? file.readUInt32BE(at) : Number.POSITIVE_INFINITY;
    if (at + CHUNK_FRAME + length > file.length) throw damaged('It ends too early.');
    const end = at + 8 + length;
    const type = file.toString('latin1', at + 4, at + 8);
    if (crc32(file.subarray(at + 4, end)) !== file.readUInt32BE(end)) throw damaged(`A checksum is wrong (${type}).`);
    yield { type, data: file.subarray(at + 8, end) };
    if (type === 'IEND') return;
    at = end + 4;
  }
  throw damaged('It ends too early.');
}

/** The text of an iTXt chunk with our keyword, or undefined for another one. */
function recordText(data: Buffer): string | undefined {
  const head = `${KEYWORD}\0`;
  if (data.toString('latin1', 0, head.length) !== head) return undefined;
  const [compressed, method] = [data[head.length], data[head.length + 1]];
  const languageEnd = data.indexOf(0, head.length + 2);
  const translatedEnd = languageEnd < 0 ? -1 : data.indexOf(0, languageEnd + 1);
  if (translatedEnd < 0 || (compressed !== 0 && (compressed !== 1 || method !== 0))) {
    throw damaged('Its record is cut off.');
  }
  const text = data.subarray(translatedEnd + 1);
  return (compressed ? inflateRecord(text) : text).toString('utf8');
}

function inflateRecord(data: Buffer): Buffer {
  try {
    return inflateSync(data, { maxOutputLength: MAX_RECORD_BYTES });
  } catch (error) {
    throw damaged('Its record cannot be unpacked.', error);
  }
}

function parseRecordText(text: string): PictureRecord {
  try {
    return parsePictureRecord(JSON.parse(text), 'record');
  } catch (error) {
    throw damaged('Its record makes no sense.', error);
  }
}

function damaged(what: string, cause?: unknown): StudioError {
  const detail = cause instanceof Error ? cause.message : what;
  return new StudioError('corrupt-input', `The picture is damaged. ${what}`, {
    hint: 'Take the file that Underpaint wrote, not a copy that another program changed.',
    detail,
    cause,
  });
}
