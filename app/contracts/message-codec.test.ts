import fc from 'fast-check';
import { expect, it } from 'vitest';
import { StudioError } from '../base/errors.ts';
import { decodeMessage, encodeMessage } from './message-codec.ts';

it('brings back data and arrays of every kind', () => {
  const message = {
    text: 'Grüße',
    list: [null, true, 1.5, { deep: Int32Array.of(-1, 2 ** 30) }],
    arrays: [Uint8Array.of(1, 2, 3), Float32Array.of(0.5, Number.NaN), Float64Array.of(1e300), new Uint8Array(0)],
  };
  expect(decodeMessage(encodeMessage(message))).toEqual(message);
});

it('reads bytes that lie somewhere in a larger buffer', () => {
  const bytes = encodeMessage({ list: Int32Array.of(1, 2, 3) });
  const large = new Uint8Array(bytes.length + 16);
  large.set(bytes, 8);
  expect(decodeMessage(Buffer.from(large.buffer, 8, bytes.length))).toEqual({ list: Int32Array.of(1, 2, 3) });
});

it('sends the part of a buffer that an array shows', () => {
  const whole = Float32Array.of(1, 2, 3, 4);
  expect(decodeMessage(encodeMessage({ part: whole.subarray(1, 3) }))).toEqual({ part: Float32Array.of(2, 3) });
});

it('brings back whatever plain data holds', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.uint8Array(), (json, bytes) => {
      const message = JSON.parse(JSON.stringify({ json, bytes: 0 }));
      expect(decodeMessage(encodeMessage({ ...message, bytes }))).toEqual({ ...message, bytes });
    }),
  );
});

it('refuses what it cannot send', () => {
  expect(() => encodeMessage(new BigInt64Array(1))).toThrow(StudioError);
});

it('answers garbage with bad-request', () => {
  const valid = encodeMessage({ a: [Uint8Array.of(1, 2, 3)], b: 'text' });
  fc.assert(
    fc.property(fc.nat(valid.length - 1), fc.nat(255), fc.nat(valid.length), (at, value, length) => {
      const damaged = valid.slice(0, length);
      damaged[at % Math.max(1, length)] = value;
      try {
        decodeMessage(damaged);
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad-request' });
      }
    }),
  );
});
