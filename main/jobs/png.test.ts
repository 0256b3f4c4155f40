import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { StudioError } from '../../app/base/errors.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import { unpackTokens } from './packed-tokens.ts';
import { encodePlainPng, encodePng, readPngRecord } from './png.ts';
import { SAMPLE_RECORD, SAMPLE_TOKENS } from './testing/sample-record.ts';

const IMAGE: RgbImage = { width: 3, height: 2, data: Uint8Array.from({ length: 18 }, (_, at) => at * 14) };
const PNG = await encodePng(IMAGE, SAMPLE_RECORD);
const PLAIN = await encodePlainPng(IMAGE);

/** A PNG whose record chunk has this content after the keyword. */
function pngWith(content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from('iTXtunderpaint\0', 'latin1'), content]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(body.length - 4, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([PLAIN.subarray(0, 33), frame.subarray(0, 4), body, frame.subarray(4), PLAIN.subarray(33)]);
}

const compressed = (text: string | Buffer) => Buffer.concat([Buffer.from([1, 0, 0, 0]), deflateSync(text)]);

/** What reading fails with. */
function failureOf(bytes: Uint8Array): StudioError {
  try {
    readPngRecord(bytes);
  } catch (error) {
    if (error instanceof StudioError) return error;
    throw error;
  }
  return expect.fail('It was read.');
}

describe('a PNG with a record', () => {
  it('gives back pixels, request and tokens', async () => {
    const { data, info } = await sharp(PNG).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 3, height: 2, channels: 3 });
    expect([...data]).toEqual([...IMAGE.data]);
    const record = readPngRecord(PNG);
    expect(record).toEqual(SAMPLE_RECORD);
    expect(unpackTokens(record.tokens)).toEqual(SAMPLE_TOKENS);
  });

  it('is the same each time, and its record of 680 tokens takes less than 1.6 KB', async () => {
    expect(await encodePng(IMAGE, SAMPLE_RECORD)).toEqual(PNG);
    expect(PNG.length - PLAIN.length).toBeLessThan(1600);
  });

  it('may have an uncompressed record', () => {
    const text = Buffer.from(`\0\0de\0Titel\0${JSON.stringify(SAMPLE_RECORD)}`);
    expect(readPngRecord(pngWith(text))).toEqual(SAMPLE_RECORD);
  });
});

describe('reading', () => {
  it.each([
    ['no PNG', Buffer.from('GIF89a'), 'This is not a PNG'],
    ['an empty file', Buffer.alloc(0), 'This is not a PNG'],
    ['a PNG of another program', PLAIN, 'does not say how it was made'],
    ['a PNG that is cut off', PNG.subarray(0, 200), 'ends too early'],
    ['only a signature', PNG.subarray(0, 8), 'ends too early'],
    ['a bomb', pngWith(compressed(Buffer.alloc(2 ** 26))), 'cannot be unpacked'],
    ['data that is no stream', pngWith(Buffer.from([1, 0, 0, 0, 1, 2, 3])), 'cannot be unpacked'],
    ['an unknown compression', pngWith(Buffer.from([1, 7, 0, 0, 1])), 'cut off'],
    ['a record without its text', pngWith(Buffer.from([1, 0, 65])), 'cut off'],
    ['text that is no JSON', pngWith(compressed('{')), 'makes no sense'],
    ['deep nesting', pngWith(compressed('['.repeat(1e6))), 'makes no sense'],
    ['a forged seed', pngWith(compressed(JSON.stringify({ ...SAMPLE_RECORD, request: { seed: -1 } }))), 'no sense'],
    ['a later version', pngWith(compressed(JSON.stringify({ ...SAMPLE_RECORD, version: 2 }))), 'makes no sense'],
  ])('refuses %s', (_, bytes, message) => {
    const error = failureOf(bytes);
    expect(error.code).toBe('corrupt-input');
    expect(error.message).toContain(message);
    expect(error.hint).toBeDefined();
  });

  it('finds every flipped bit before the end of the record, and never fails in another way', () => {
    const end = 33 + PNG.length - PLAIN.length;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: end * 8 - 1 }), (bit) => {
        const bytes = Uint8Array.from(PNG);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        expect(failureOf(bytes).code).toBe('corrupt-input');
      }),
    );
  });

  it('survives garbage in all lengths', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (tail) => {
        expect(failureOf(Buffer.concat([PNG.subarray(0, 8), tail])).code).toBe('corrupt-input');
        expect(failureOf(pngWith(Buffer.from(tail))).code).toBe('corrupt-input');
      }),
    );
  });
});
