import { describe, expect, it } from 'vitest';
import type { Mask } from './mask.ts';
import { fadeInwards, featherMask, growMask, invertMask } from './mask-operations.ts';
import { randomBytes } from './testing/random-bytes.ts';

const maskOf = (width: number, data: readonly number[]): Mask => ({
  width,
  height: data.length / width,
  data: Uint8Array.from(data),
});

const sparse = (width: number, height: number, seed: number): Mask => ({
  width,
  height,
  data: randomBytes(width * height, seed).map((byte) => (byte > 250 ? byte : byte >> 1)),
});

const hard = ({ data }: Mask) => data.map((value) => (value >= 128 ? 255 : 0));

/** The largest value within the disc around each pixel. */
function naiveGrow(mask: Mask, radius: number): Uint8Array {
  const { width, height } = mask;
  const source = hard(mask);
  return source.map((_, at) => {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const isNear = (x - (at % width)) ** 2 + (y - Math.floor(at / width)) ** 2 <= radius ** 2;
        if (isNear && source[y * width + x]) return 255;
      }
    }
    return 0;
  });
}

describe('growMask', () => {
  it.each([0.5, 1, 1.5, 2.9, 5, 40])('grows by a disc of radius %d', (radius) => {
    for (const seed of [1, 2, 3]) {
      const mask = sparse(29, 19, seed);
      expect(growMask(mask, radius).data).toEqual(naiveGrow(mask, radius));
    }
  });

  it.each([1, 2.5, 6])('shrinks by what the outside would grow: %d', (radius) => {
    for (const seed of [4, 5, 6]) {
      const outside = sparse(29, 19, seed);
      const mask = { ...outside, data: hard(invertMask({ ...outside, data: hard(outside) })) };
      const expected = naiveGrow(outside, radius).map((value) => 255 - value);
      expect(growMask(mask, -radius).data).toEqual(expected);
    }
  });

  it('does not shrink away from the border', () => {
    expect([...growMask(maskOf(5, [255, 255, 255, 0, 0]), -1).data]).toEqual([255, 255, 0, 0, 0]);
    expect([...growMask(maskOf(3, [255, 255, 255]), -100).data]).toEqual([255, 255, 255]);
  });

  it('makes nothing from nothing, however far', () => {
    expect([...growMask(maskOf(3, [0, 0, 0]), 1e9).data]).toEqual([0, 0, 0]);
    expect([...growMask(maskOf(3, [0, 0, 255]), 1e9).data]).toEqual([255, 255, 255]);
    expect([...growMask(maskOf(3, [0, 255, 255]), -1e9).data]).toEqual([0, 0, 0]);
  });

  it('copies at radius 0', () => {
    const mask = maskOf(3, [0, 77, 255]);
    expect(growMask(mask, 0)).toEqual(mask);
    expect(growMask(mask, 0).data).not.toBe(mask.data);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (radius) => {
    expect(() => growMask(maskOf(1, [0]), radius)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });
});

describe('featherMask', () => {
  const disc: Mask = {
    width: 64,
    height: 48,
    data: Uint8Array.from({ length: 64 * 48 }, (_, i) =>
      Math.hypot((i % 64) - 10, Math.floor(i / 64) - 24) < 15 ? 255 : 0,
    ),
  };
  const sum = ({ data }: Mask) => data.reduce((total, value) => total + value, 0);

  it.each([1, 4, 9.5])('keeps the total weight: radius %d', (radius) => {
    expect(Math.abs(sum(featherMask(disc, radius)) / sum(disc) - 1)).toBeLessThan(0.002);
  });

  it('fades over the radius on either side of an edge', () => {
    const edge = maskOf(
      80,
      Array.from({ length: 80 }, (_, x) => (x < 40 ? 0 : 255)),
    );
    const { data } = featherMask(edge, 10);
    expect([...data.subarray(0, 20)]).toEqual(Array(20).fill(0));
    expect([...data.subarray(60)]).toEqual(Array(20).fill(255));
    // Φ(∓2) and Φ(∓0.1) of the normal distribution.
    expect((data[29] as number) / 255).toBeCloseTo(0.018, 2);
    expect((data[50] as number) / 255).toBeCloseTo(0.982, 2);
    expect((data[39] as number) / 255).toBeCloseTo(0.46, 2);
    expect((data[40] as number) / 255).toBeCloseTo(0.54, 2);
  });

  it('does not fade at the border', () => {
    expect([...featherMask(maskOf(4, [255, 255, 255, 255]), 30).data]).toEqual([255, 255, 255, 255]);
  });

  it('copies at radius 0', () => {
    expect(featherMask(disc, 0)).toEqual(disc);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (radius) => {
    expect(() => featherMask(disc, radius)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });
});

describe('invertMask', () => {
  it('turns every value over and leaves the mask alone', () => {
    const mask = maskOf(2, [0, 1, 128, 255]);
    expect(invertMask(mask)).toEqual(maskOf(2, [255, 254, 127, 0]));
    expect([...mask.data]).toEqual([0, 1, 128, 255]);
  });
});

describe('a fade inwards', () => {
  const box: Mask = maskOf(
    12,
    Array.from({ length: 144 }, (_, i) => (i % 12 >= 2 && i >= 36 ? 200 : 0)),
  );

  it('covers nothing beyond the mask, and ends after the radius', () => {
    const faded = fadeInwards(box, 3);
    for (let i = 0; i < 144; i++) expect(faded.data[i]).toBeLessThanOrEqual(box.data[i] as number);
    expect([2, 3, 4, 5, 6].map((x) => faded.data[12 * 9 + x])).toEqual([50, 100, 150, 200, 200]);
  });

  it('does not take the border of the picture for an edge', () => {
    expect(fadeInwards(box, 3).data[12 * 11 + 11]).toBe(200);
    expect(fadeInwards(maskOf(1, [255]), 9)).toEqual(maskOf(1, [255]));
  });

  it('copies for 0, and refuses less', () => {
    expect(fadeInwards(box, 0)).toEqual(box);
    expect(() => fadeInwards(box, -1)).toThrow('0 pixels or more');
  });
});
