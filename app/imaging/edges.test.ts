import { describe, expect, it } from 'vitest';
import { cannyEdges } from './edges.ts';
import type { RgbaImage } from './rgba.ts';
import { randomBytes } from './testing/random-bytes.ts';

type Pixel = readonly [number, number, number, number?];

function paint(width: number, height: number, pixelAt: (x: number, y: number) => Pixel): RgbaImage {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const [red, green, blue, alpha = 255] = pixelAt(i % width, Math.floor(i / width));
    data.set([red, green, blue, alpha], i * 4);
  }
  return { width, height, data };
}

const gray = (level: number): Pixel => [level, level, level];

/** A picture of coloured waves, which get shorter to the right and to the bottom. */
const waves = paint(96, 80, (x, y) => {
  const wave = (color: number) => {
    const phase = ((x * x * (3 + color) + y * y * 5 + x * y * color) >> 4) & 511;
    return Math.min(255, Math.abs(phase - 256));
  };
  return [wave(0), wave(1), wave(2)];
});

/** FNV-1a, 32 bit. */
const hash = (data: Uint8Array) => data.reduce((value, byte) => Math.imul(value ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
const count = (data: Uint8Array) => data.filter((value) => value === 255).length;
const options = { low: 100, high: 200, blur: 0 };

describe('cannyEdges', () => {
  // Made with `cv2.Canny(rgb, low, high)` of OpenCV 5.0.0 on the same picture.
  it.each([
    [100, 200, 1889, 0xd15bba70],
    [50, 400, 1675, 0xdbac5708],
    [300, 300, 1757, 0xf26c1622],
  ])('is that of OpenCV: thresholds %d and %d', (low, high, edges, expected) => {
    const { width, height, data } = cannyEdges(waves, { low, high, blur: 0 });
    expect([width, height]).toEqual([96, 80]);
    expect(count(data)).toBe(edges);
    expect(hash(data)).toBe(expected);
  });

  it('draws a line of one pixel along a step, up to the border', () => {
    const { data } = cannyEdges(
      paint(8, 5, (x) => gray(x < 4 ? 0 : 255)),
      options,
    );
    expect([...data]).toEqual(Array(5).fill([0, 0, 0, 255, 0, 0, 0, 0]).flat());
  });

  it('sees an edge between colours of the same lightness', () => {
    const halves = paint(8, 4, (x) => (x < 4 ? [100, 60, 0] : [0, 111, 0]));
    expect(count(cannyEdges(halves, options).data)).toBe(4);
  });

  it('follows a weak edge from a strong one, and drops a weak one that stands alone', () => {
    const step = (x: number, level: number) => gray(x < 5 ? 0 : level);
    const fading = paint(10, 40, (x, y) => step(x, 80 - y));
    const weak = paint(10, 40, (x) => step(x, 40));
    expect(count(cannyEdges(fading, options).data)).toBe(40);
    expect(count(cannyEdges(weak, options).data)).toBe(0);
    expect(count(cannyEdges(weak, { ...options, high: 150 }).data)).toBe(40);
  });

  it.each([
    [40, 0, 40, 0, 0, 0, 0, 0, 0, 200, 0, 200],
    [200, 0, 200, 0, 0, 0, 0, 0, 0, 40, 0, 40],
  ])('does not follow an edge around the border of the picture: %d …', (...levels) => {
    // Strong on one side, weak on the other: neighbours in memory, not in the picture.
    const image = paint(12, 6, (x) => gray(levels[x] as number));
    const { data } = cannyEdges(image, options);
    const columns = levels.map((_, x) => count(data.filter((_, i) => i % 12 === x)));
    expect([columns[0], columns[11]]).toEqual(levels[0] === 40 ? [0, 6] : [6, 0]);
  });

  it('needs more than its thresholds', () => {
    // |∂x| is 4 · 25.
    const step = paint(8, 4, (x) => gray(x < 4 ? 0 : 25));
    expect(count(cannyEdges(step, { low: 99, high: 99, blur: 0 }).data)).toBe(4);
    expect(count(cannyEdges(step, { low: 99, high: 100, blur: 0 }).data)).toBe(0);
    const steeper = paint(8, 4, (x, y) => gray(x < 4 ? 0 : y === 0 ? 75 : 25));
    expect(cannyEdges(steeper, { low: 100, high: 101, blur: 0 }).data.subarray(24)).toEqual(new Uint8Array(8));
    expect(count(cannyEdges(steeper, { low: 99, high: 101, blur: 0 }).data.subarray(24))).toBe(1);
  });

  it('finds the outline of a disc, as long as it should be', () => {
    const disc = paint(64, 64, (x, y) => gray(Math.hypot(x - 32, y - 32) < 20 ? 220 : 30));
    const { data } = cannyEdges(disc, { ...options, blur: 1.4 });
    expect(count(data)).toBeGreaterThan(110);
    expect(count(data)).toBeLessThan(160);
    for (const [i, value] of data.entries()) {
      if (value) expect(Math.abs(Math.hypot((i % 64) - 32, Math.floor(i / 64) - 32) - 20)).toBeLessThan(1.6);
    }
  });

  it('loses noise, not shapes, by its blur', () => {
    const noise = randomBytes(64 * 64, 1);
    const noisy = paint(64, 64, (x, y) => gray((x < 32 ? 40 : 160) + (noise[y * 64 + x] as number) / 3));
    expect(count(cannyEdges(noisy, options).data)).toBeGreaterThan(100);
    const blurred = cannyEdges(noisy, { low: 50, high: 100, blur: 2 }).data;
    expect(count(blurred)).toBeGreaterThanOrEqual(64);
    expect(count(blurred)).toBeLessThan(80);
  });

  it('sees what is transparent on white', () => {
    const alpha = (right: Pixel) => paint(8, 4, (x) => (x < 4 ? [0, 0, 0, 0] : right));
    expect(count(cannyEdges(alpha([255, 255, 255]), options).data)).toBe(0);
    expect(count(cannyEdges(alpha([0, 0, 0]), options).data)).toBe(4);
    expect(count(cannyEdges(alpha([0, 0, 0, 10]), options).data)).toBe(0);
  });

  it.each([
    { low: 200, high: 100, blur: 0 },
    { low: -1, high: 100, blur: 0 },
    { low: 1, high: Number.NaN, blur: 0 },
    { low: 1, high: 2, blur: -1 },
    { low: 1, high: 2, blur: Number.POSITIVE_INFINITY },
  ])('refuses %o', (bad) => {
    expect(() => cannyEdges(waves, bad)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });
});
