import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromFloat16Bits, toFloat16Bits } from './float16.ts';

it.each([
  [0, 0x0000],
  [-0, 0x8000],
  [1, 0x3c00],
  [-2, 0xc000],
  [65504, 0x7bff],
  [65519.99, 0x7bff],
  [65520, 0x7c00],
  [-1e9, 0xfc00],
  [Number.POSITIVE_INFINITY, 0x7c00],
  [Number.NaN, 0x7e00],
  [2 ** -14, 0x0400],
  [2 ** -24, 0x0001],
  [2 ** -25, 0x0000],
  [1.5 * 2 ** -24, 0x0002],
  [2 ** -14 - 2 ** -26, 0x0400],
  [1 + 2 ** -11, 0x3c00],
  [1 + 3 * 2 ** -11, 0x3c02],
  [0.1, 0x2e66],
])('%d is written as %i', (value, bits) => {
  expect(toFloat16Bits(value)).toBe(bits);
});

it('every float16 comes back', () => {
  const all = Array.from({ length: 2 ** 16 }, (_, bits) => ({ bits, value: fromFloat16Bits(bits) }));
  const isNan = (bits: number) => (bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0;
  expect(all.filter(({ bits, value }) => Number.isNaN(value) !== isNan(bits))).toEqual([]);
  expect(all.filter(({ bits, value }) => !isNan(bits) && toFloat16Bits(value) !== bits)).toEqual([]);
});

it('rounds to the nearest', () => {
  fc.assert(
    fc.property(fc.float({ min: -65000, max: 65000, noNaN: true }), (value) => {
      const bits = toFloat16Bits(value);
      const error = Math.abs(fromFloat16Bits(bits) - value);
      for (const other of [bits - 1, bits + 1]) {
        if ((other & 0x7c00) === 0x7c00 || other < 0) continue;
        expect(error).toBeLessThanOrEqual(Math.abs(fromFloat16Bits(other) - value));
      }
    }),
  );
});
