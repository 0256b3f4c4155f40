import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../generation/pipeline-event.ts';
import type { Mask } from './mask.ts';
import { compositeSeamless, fillCovered, withTonesOf } from './seamless.ts';
import { randomBytes } from './testing/random-bytes.ts';

const SIDE = 64;

function picture(color: (x: number, y: number) => number): RgbImage {
  const data = new Uint8Array(SIDE * SIDE * 3);
  for (let i = 0; i < SIDE * SIDE; i++) data.fill(color(i % SIDE, Math.floor(i / SIDE)), i * 3, i * 3 + 3);
  return { width: SIDE, height: SIDE, data };
}

function mask(cover: (x: number, y: number) => number): Mask {
  const data = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => cover(i % SIDE, Math.floor(i / SIDE)));
  return { width: SIDE, height: SIDE, data };
}

const noise: RgbImage = { width: SIDE, height: SIDE, data: randomBytes(SIDE * SIDE * 3, 1) };
const other: RgbImage = { width: SIDE, height: SIDE, data: randomBytes(SIDE * SIDE * 3, 2) };
const disc = mask((x, y) => (Math.hypot(x - 30, y - 34) < 17 ? 255 : 0));
const red = (image: RgbImage, x: number, y: number) => image.data[(y * SIDE + x) * 3] as number;

describe('a composite', () => {
  it('leaves every pixel outside of the cover to the bit', () => {
    const soft = mask((x, y) => Math.max(0, 200 - 12 * Math.hypot(x - 30, y - 34)));
    for (const cover of [disc, soft]) {
      const { data } = compositeSeamless(noise, other, cover);
      const changed = [...data.keys()].filter((i) => data[i] !== noise.data[i]);
      expect(changed.length).toBeGreaterThan(500);
      expect(changed.every((i) => (cover.data[Math.floor(i / 3)] as number) > 0)).toBe(true);
    }
  });

  it('takes a difference in tone away, and keeps the detail', () => {
    const original = picture((x) => 60 + x);
    const fresh = picture((x, y) => 100 + x + ((x + y) % 2 ? 8 : -8));
    const done = compositeSeamless(original, fresh, disc);
    for (const [x, y] of [
      [15, 34],
      [45, 34],
      [30, 19],
    ] as const) {
      expect(Math.abs(red(done, x, y) - (60 + x))).toBeLessThan(16);
    }
    expect(Math.abs(red(done, 30, 34) - red(done, 31, 34))).toBeGreaterThan(8);
  });

  it('does not let what is covered shine through', () => {
    const hidden = {
      ...noise,
      data: noise.data.map((value, i) => (disc.data[Math.floor(i / 3)] ? 255 - value : value)),
    };
    expect(compositeSeamless(hidden, other, disc)).toEqual(compositeSeamless(noise, other, disc));
  });

  it('mixes under a soft cover', () => {
    const half = compositeSeamless(
      picture(() => 0),
      picture(() => 200),
      mask(() => 128),
    );
    expect(Math.abs(red(half, 9, 9) - 100)).toBeLessThan(2);
  });

  it('refuses pictures of different sizes', () => {
    const small = { width: 1, height: 1, data: new Uint8Array(3) };
    expect(() => compositeSeamless(noise, small, disc)).toThrow('the same size');
  });
});

it('fills what is covered from its surroundings alone', () => {
  const shades = picture((x, y) => 40 + 2 * x + y);
  const hidden = picture((x, y) => (disc.data[y * SIDE + x] ? 255 : 40 + 2 * x + y));
  const filled = fillCovered(hidden, disc);
  expect(filled).toEqual(fillCovered(shades, disc));
  const errors = filled.data.map((value, i) => Math.abs(value - (shades.data[i] as number)));
  expect(Math.max(...errors)).toBeLessThan(4);
  expect(
    fillCovered(
      noise,
      mask(() => 255),
    ).data.every((value) => value === 128),
  ).toBe(true);
});

it('gives new pixels the tones of a picture', () => {
  const tones = picture((x) => 3 * x);
  const done = withTonesOf(
    tones,
    picture((x, y) => 128 + ((x + y) % 2 ? 20 : -20)),
  );
  const mean = (red(done, 30, 30) + red(done, 31, 30)) / 2;
  expect(Math.abs(mean - 91.5)).toBeLessThan(6);
  expect(Math.abs(red(done, 30, 30) - red(done, 31, 30))).toBeGreaterThan(30);
});
