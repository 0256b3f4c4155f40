import { describe, expect, it } from 'vitest';
import { ProtoWriter } from './proto-writer.ts';

const hex = (writer: ProtoWriter) => Buffer.from(writer.finish()).toString('hex');

describe('ProtoWriter', () => {
  it.each([
    [0, '00'],
    [1, '01'],
    [127, '7f'],
    [128, '8001'],
    [300, 'ac02'],
    [2 ** 32, '8080808010'],
    [2 ** 53 - 1, 'ffffffffffffff0f'],
    [-1, 'ffffffffffffffffff01'],
    [-2, 'feffffffffffffffff01'],
    [-(2n ** 63n), '80808080808080808001'],
  ])('writes the integer %s', (value, bytes) => {
    expect(hex(new ProtoWriter().int(1, value))).toBe(`08${bytes}`);
  });

  it('writes field numbers above 15 in two bytes', () => {
    expect(hex(new ProtoWriter().int(20, 7))).toBe('a00107');
  });

  it('writes floats little-endian', () => {
    expect(hex(new ProtoWriter().float(2, 1.5))).toBe('150000c03f');
  });

  it('writes strings as UTF-8, with the length in bytes', () => {
    expect(hex(new ProtoWriter().string(2, 'é²'))).toBe('1204c3a9c2b2');
    expect(hex(new ProtoWriter().string(2, ''))).toBe('1200');
  });

  it('nests messages', () => {
    const writer = new ProtoWriter().message(7, (outer) =>
      outer.message(1, (inner) => inner.int(1, 150)).bytes(2, Uint8Array.of(9)),
    );
    expect(hex(writer)).toBe('3a080a03089601120109');
  });

  it('writes a nested length of more than one byte', () => {
    const bytes = new ProtoWriter().message(1, (inner) => inner.bytes(1, new Uint8Array(200))).finish();
    expect([...bytes.subarray(0, 6)]).toEqual([0x0a, 0xcb, 0x01, 0x0a, 0xc8, 0x01]);
    expect(bytes).toHaveLength(206);
  });
});
