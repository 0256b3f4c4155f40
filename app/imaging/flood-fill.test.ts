import { describe, expect, it } from 'vitest';
import { floodFill } from './flood-fill.ts';
import type { RgbaImage } from './rgba.ts';
import { randomBytes } from './testing/random-bytes.ts';

/** An opaque picture; every number is one grey pixel. */
const grays = (width: number, values: ArrayLike<number>): RgbaImage => ({
  width,
  height: values.length / width,
  data: Uint8ClampedArray.from(Array.from(values).flatMap((value) => [value, value, value, 255])),
});

/** One pixel at a time, breadth first. */
function naiveFill(values: Uint8Array, width: number, start: number, tolerance: number): Uint8Array {
  const filled = new Uint8Array(values.length);
  const isLike = (at: number) => Math.abs((values[at] as number) - (values[start] as number)) <= tolerance;
  const queue = [start];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    if (filled[at] || !isLike(at)) continue;
    filled[at] = 255;
    if (at % width > 0) queue.push(at - 1);
    if (at % width < width - 1) queue.push(at + 1);
    if (at >= width) queue.push(at - width);
    if (at + width < values.length) queue.push(at + width);
  }
  return filled;
}

describe('floodFill', () => {
  it.each([20, 60, 100, 130, 255])('fills what hangs together: tolerance %d', (tolerance) => {
    for (let seed = 1; seed <= 20; seed++) {
      const values = randomBytes(23 * 17, seed);
      const start = (seed * 37) % values.length;
      const { data } = floodFill(grays(23, values), start % 23, Math.floor(start / 23), {
        tolerance,
        contiguous: true,
      });
      expect(data).toEqual(naiveFill(values, 23, start, tolerance));
    }
  });

  it('fills everything alike when it need not hang together', () => {
    const values = randomBytes(23 * 17, 9);
    const { data } = floodFill(grays(23, values), 4, 3, { tolerance: 30, contiguous: false });
    const start = values[3 * 23 + 4] as number;
    expect(data).toEqual(values.map((value) => (Math.abs(value - start) <= 30 ? 255 : 0)));
  });

  it('finds its way through a spiral, and no further', () => {
    const spiral = ['.......', '######.', '.....#.', '.###.#.', '.#...#.', '.#####.', '.......'];
    const values = spiral
      .join('')
      .split('')
      .map((place) => (place === '#' ? 255 : 0));
    const { data } = floodFill(grays(7, values), 3, 4, { tolerance: 0, contiguous: true });
    expect([...data]).toEqual(values.map((value) => 255 - value));
  });

  it('compares every colour by itself', () => {
    const data = Uint8ClampedArray.of(100, 100, 100, 255, 110, 100, 100, 255, 100, 111, 100, 255, 100, 100, 90, 255);
    const filled = floodFill({ width: 4, height: 1, data }, 0, 0, { tolerance: 10, contiguous: false });
    expect([...filled.data]).toEqual([255, 255, 0, 255]);
  });

  it('takes all transparent pixels for the same, and opaque ones for others', () => {
    const data = Uint8ClampedArray.of(0, 0, 0, 0, 200, 90, 30, 0, 0, 0, 0, 255, 9, 9, 9, 3);
    const filled = floodFill({ width: 4, height: 1, data }, 0, 0, { tolerance: 3, contiguous: false });
    expect([...filled.data]).toEqual([255, 255, 0, 255]);
  });

  it.each([
    [-1, 0],
    [2, 0],
    [0, -0.5],
    [0, 1],
    [Number.NaN, 0],
  ])('fills nothing from outside: %d, %d', (x, y) => {
    expect([...floodFill(grays(2, [0, 0]), x, y, { tolerance: 255, contiguous: true }).data]).toEqual([0, 0]);
  });

  it('drops fractions of the place', () => {
    expect([...floodFill(grays(2, [0, 9]), 1.9, 0.9, { tolerance: 0, contiguous: true }).data]).toEqual([0, 255]);
  });

  it.each([-1, 256, Number.NaN])('refuses a tolerance of %d', (tolerance) => {
    const fill = () => floodFill(grays(1, [0]), 0, 0, { tolerance, contiguous: true });
    expect(fill).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });
});
