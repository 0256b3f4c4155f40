import { describe, expect, it } from 'vitest';
import { resizeMask, resizeRgb, resizeRgba } from './resample.ts';
import type { RgbaImage } from './rgba.ts';
import { randomBytes } from './testing/random-bytes.ts';

const rgba = (width: number, height: number, data: ArrayLike<number>): RgbaImage => ({
  width,
  height,
  data: Uint8ClampedArray.from(data),
});

const repeat = (pixel: readonly number[], count: number) => Array(count).fill(pixel).flat() as number[];

/** The sample of one channel of a resized picture, from the definition, in two full loops over the picture. */
function naiveSample(
  plane: { width: number; height: number; at: (x: number, y: number) => number },
  size: { width: number; height: number },
  place: { x: number; y: number },
): number {
  let sum = 0;
  for (let y = -3; y < plane.height + 3; y++) {
    for (let x = -3; x < plane.width + 3; x++) {
      const weight =
        naiveWeight(plane.width, size.width, place.x, x) * naiveWeight(plane.height, size.height, place.y, y);
      const inside = (value: number, end: number) => Math.min(end - 1, Math.max(0, value));
      if (weight !== 0) sum += weight * plane.at(inside(x, plane.width), inside(y, plane.height));
    }
  }
  return sum;
}

function naiveWeight(length: number, resized: number, to: number, from: number): number {
  const scale = length / resized;
  if (scale >= 1) return Math.max(0, Math.min((to + 1) * scale, from + 1) - Math.max(to * scale, from)) / scale;
  const t = Math.abs((to + 0.5) * scale - 0.5 - from);
  if (t < 1) return 1.5 * t ** 3 - 2.5 * t ** 2 + 1;
  return t < 2 ? -0.5 * t ** 3 + 2.5 * t ** 2 - 4 * t + 2 : 0;
}

const SIZES = [
  [5, 4],
  [26, 22],
  [7, 30],
  [31, 3],
  [13, 11],
  [1, 1],
] as const;

describe('resizeMask', () => {
  it.each(SIZES)('is what the definition says: 13 × 11 → %d × %d', (width, height) => {
    const mask = { width: 13, height: 11, data: randomBytes(13 * 11, 1) };
    const at = (x: number, y: number) => mask.data[y * 13 + x] as number;
    const resized = resizeMask(mask, width, height);
    for (const [i, value] of resized.data.entries()) {
      const place = { x: i % width, y: Math.floor(i / width) };
      const exact = naiveSample({ ...mask, at }, { width, height }, place);
      expect(Math.abs(value - Math.min(255, Math.max(0, exact)))).toBeLessThan(0.5 + 1e-9);
    }
  });

  it('is soft along an edge that falls between pixels', () => {
    const mask = { width: 4, height: 1, data: Uint8Array.of(255, 0, 0, 0) };
    expect([...resizeMask(mask, 2, 1).data]).toEqual([128, 0]);
  });
});

describe('resizeRgb', () => {
  it.each(SIZES)('treats colours apart, each as a mask: %d × %d', (width, height) => {
    const image = { width: 13, height: 11, data: randomBytes(13 * 11 * 3, 2) };
    const resized = resizeRgb(image, width, height);
    for (let color = 0; color < 3; color++) {
      const plane = (data: Uint8Array) => data.filter((_, i) => i % 3 === color);
      expect(plane(resized.data)).toEqual(
        resizeMask({ width: 13, height: 11, data: plane(image.data) }, width, height).data,
      );
    }
  });

  it('averages boxes exactly, halves up', () => {
    const data = Uint8Array.from([10, 0, 255, 11, 1, 255, 12, 0, 255, 13, 1, 254]);
    expect([...resizeRgb({ width: 2, height: 2, data }, 1, 1).data]).toEqual([12, 1, 255]);
  });
});

describe('resizeRgba', () => {
  it.each(SIZES)('is as RGB where it is opaque: %d × %d', (width, height) => {
    const data = randomBytes(13 * 11 * 4, 3).map((byte, i) => (i % 4 === 3 ? 255 : byte));
    const resized = resizeRgba(rgba(13, 11, data), width, height);
    const colors = resizeRgb({ width: 13, height: 11, data: data.filter((_, i) => i % 4 !== 3) }, width, height);
    expect([...resized.data.filter((_, i) => i % 4 !== 3)]).toEqual([...colors.data]);
    expect(resized.data.every((byte, i) => i % 4 !== 3 || byte === 255)).toBe(true);
  });

  it.each(SIZES)('keeps a constant: %d × %d', (width, height) => {
    for (const pixel of [
      [200, 100, 3, 255],
      [255, 255, 255, 1],
      [17, 250, 99, 128],
    ]) {
      const resized = resizeRgba(rgba(13, 11, repeat(pixel, 13 * 11)), width, height);
      expect([...resized.data]).toEqual(repeat(pixel, width * height));
    }
  });

  it('does not let hidden colours bleed in', () => {
    const image = rgba(2, 1, [200, 100, 50, 255, 0, 255, 0, 0]);
    expect([...resizeRgba(image, 1, 1).data]).toEqual([200, 100, 50, 128]);
    const { data } = resizeRgba(image, 8, 1);
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3]) expect([...data.subarray(i, i + 3)]).toEqual([200, 100, 50]);
    }
  });

  it('weights colours by their alpha', () => {
    const image = rgba(2, 1, [240, 0, 0, 50, 0, 240, 0, 150]);
    expect([...resizeRgba(image, 1, 1).data]).toEqual([60, 180, 0, 100]);
  });

  it('gives the same picture at the same size, without its hidden colours', () => {
    const image = rgba(
      9,
      7,
      randomBytes(9 * 7 * 4, 4).map((byte, i) => (i === 3 ? 0 : byte || 1)),
    );
    const same = resizeRgba(image, 9, 7);
    expect([...same.data.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
    expect([...same.data.subarray(4)]).toEqual([...image.data.subarray(4)]);
  });

  it.each([
    [0, 1],
    [1, -1],
    [1.5, 1],
    [Number.NaN, 1],
    [16_385, 1],
    [16_384, 16_384],
    [Number.POSITIVE_INFINITY, 1],
  ])('refuses %d × %d', (width, height) => {
    const resize = () => resizeRgba(rgba(1, 1, [0, 0, 0, 0]), width, height);
    expect(resize).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });

  it('refuses an empty picture', () => {
    expect(() => resizeRgba(rgba(0, 1, []), 1, 1)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });
});
