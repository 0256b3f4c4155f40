import { describe, expect, it } from 'vitest';
import { bitmapFile } from './bitmap-file.ts';

describe('a bitmap file', () => {
  it('says what it is, how large it is and where its pixels lie', () => {
    const pixels = Uint8ClampedArray.of(1, 2, 3, 255, 4, 5, 6, 128);
    const bytes = Buffer.from(bitmapFile(1, 2, pixels));
    expect(bytes.subarray(0, 2).toString()).toBe('BM');
    expect(bytes.readUInt32LE(2)).toBe(bytes.length);
    expect([bytes.readInt32LE(18), bytes.readInt32LE(22)]).toEqual([1, -2]);
    expect([...bytes.subarray(bytes.readUInt32LE(10))]).toEqual([...pixels]);
  });
});
