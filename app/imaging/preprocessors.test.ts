import { describe, expect, it } from 'vitest';
import { cannyEdges } from './edges.ts';
import { lineArt } from './line-art.ts';
import { PREPROCESSOR_IDS, preprocess } from './preprocessors.ts';
import type { RgbaImage } from './rgba.ts';
import { softEdges } from './soft-edges.ts';
import { randomBytes } from './testing/random-bytes.ts';

function paint(width: number, height: number, levelAt: (x: number, y: number) => number): RgbaImage {
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) data.fill(levelAt(i % width, Math.floor(i / width)), i * 4, i * 4 + 3);
  return { width, height, data };
}

const step = (low: number, high: number) => paint(40, 9, (x) => (x < 20 ? low : high));
const middleRow = ({ width, data }: { width: number; data: Uint8Array }) => [...data.subarray(width * 4, width * 5)];

describe('preprocess', () => {
  it('gives edges as a white on black picture of the same size', () => {
    const image = paint(24, 16, (x, y) => (Math.hypot(x - 12, y - 8) < 6 ? 200 : 20));
    const { data } = cannyEdges(image, { low: 100, high: 200, blur: 0 });
    const expected = Uint8Array.from({ length: data.length * 3 }, (_, i) => data[Math.floor(i / 3)] as number);
    expect(preprocess(image, 'canny')).toEqual({ width: 24, height: 16, data: expected });
    expect(preprocess(image, 'canny', { low: 200, high: 100 }).data).toEqual(expected);
    expect(preprocess(image, 'canny', { low: 800, high: 900 }).data).not.toEqual(expected);
  });

  it.each(PREPROCESSOR_IDS)('%s: pictures of one pixel, of one colour, of noise and of nothing', (id) => {
    const noise = { width: 31, height: 17, data: randomBytes(31 * 17 * 4, 3) };
    for (const image of [paint(1, 1, () => 7), paint(1, 9, () => 200), noise]) {
      const { width, height, data } = preprocess(image, id);
      expect([width, height, data.length]).toEqual([image.width, image.height, width * height * 3]);
    }
    expect(
      preprocess(
        paint(20, 20, () => 90),
        id,
      ).data.every((value) => value === 0),
    ).toBe(true);
    const clear = { width: 8, height: 8, data: new Uint8Array(256) };
    expect(preprocess(clear, id).data.every((value) => value === 0)).toBe(true);
  });

  it('says what is wrong', () => {
    const wrong = (id: string, settings = {}) => expect(() => preprocess(step(0, 1), id, settings));
    wrong('hed').toThrow(expect.objectContaining({ code: 'bad-request', hint: expect.stringContaining('canny') }));
    wrong('canny', { softness: 1 }).toThrow(expect.objectContaining({ hint: expect.stringContaining('low, high') }));
    wrong('canny', { low: -1 }).toThrow(expect.objectContaining({ code: 'bad-request' }));
    wrong('softedge', { softness: 0 }).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });
});

describe('soft edges', () => {
  it('are a ridge along a step, as high as its contrast and as wide as was asked for', () => {
    const heightOf = (contrast: number, softness: number) => Math.max(...softEdges(step(0, contrast), softness).data);
    // Twice the contrast; a narrow ridge passes between pixels, and the blur is no exact Gaussian.
    for (const softness of [1.5, 3, 6]) {
      expect(heightOf(60, softness)).toBeGreaterThan(120 * 0.85);
      expect(heightOf(60, softness)).toBeLessThan(120 * 1.03);
    }
    expect(heightOf(30, 2)).toBeLessThan(heightOf(60, 2));
    expect(heightOf(200, 2)).toBe(255);
    const wide = (softness: number) => middleRow(softEdges(step(0, 60), softness)).filter((value) => value > 60).length;
    expect(wide(3)).toBeGreaterThan(wide(1) * 2);
  });
});

describe('line art', () => {
  it('finds dark strokes, not light ones', () => {
    const stroke = (ground: number, ink: number) =>
      lineArt(
        paint(40, 9, (x) => (x === 20 ? ink : ground)),
        1,
      );
    const dark = middleRow(stroke(255, 0));
    expect(dark[20]).toBe(255);
    expect(dark.filter((value) => value > 0).length).toBeLessThan(7);
    expect(middleRow(stroke(0, 255))[20]).toBe(0);
  });

  it('draws along the dark side of a step, and leaves faint ones out', () => {
    const line = middleRow(lineArt(step(20, 220), 1));
    expect(line.slice(20).every((value) => value === 0)).toBe(true);
    expect(Math.max(...line.slice(16, 20))).toBe(255);
    expect(middleRow(lineArt(step(100, 104), 1)).every((value) => value === 0)).toBe(true);
  });
});
