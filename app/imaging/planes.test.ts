import { describe, expect, it } from 'vitest';
import { rgbToSignedUnit, signedUnitToRgb } from './planes.ts';

const gray = (values: readonly number[]) => Float32Array.from([...values, ...values, ...values]);
const levels = (values: readonly number[]) => {
  const { data } = signedUnitToRgb(gray(values), values.length, 1);
  return values.map((_, pixel) => data[pixel * 3]);
};

describe('signedUnitToRgb', () => {
  it('puts the colours of a pixel side by side', () => {
    const { width, height, data } = signedUnitToRgb(Float32Array.of(-1, 1, 1, -1, 0, -1), 2, 1);
    expect([width, height]).toEqual([2, 1]);
    expect([...data]).toEqual([0, 255, 127, 255, 0, 0]);
  });

  it('truncates', () => {
    expect(levels([0, 0.003, 0.0118, 0.999])).toEqual([127, 127, 129, 254]);
  });

  it('clamps', () => {
    expect(levels([-1.5, 1.5, -1e30, 1e30])).toEqual([0, 255, 0, 255]);
  });

  it('rounds to float32 before it truncates, as PyTorch does', () => {
    expect(levels([-0.24705882370471954, -0.239215686917305, -0.2313725501298904])).toEqual([96, 97, 98]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses %d', (value) => {
    expect(() => signedUnitToRgb(gray([0, value]), 2, 1)).toThrow(expect.objectContaining({ code: 'not-finite' }));
  });
});

describe('rgbToSignedUnit', () => {
  it('takes the colours of a pixel apart', () => {
    const planes = rgbToSignedUnit({ width: 2, height: 1, data: Uint8Array.of(0, 255, 51, 255, 0, 204) });
    const expected = [-1, 1, 1, -1, -0.6, 0.6];
    for (const [i, value] of expected.entries()) expect(planes[i]).toBeCloseTo(value, 6);
  });
});
