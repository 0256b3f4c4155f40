import { describe, expect, it } from 'vitest';
import { fillHarmonic } from './harmonic-fill.ts';

const SIDE = 48;

function plane(value: (x: number, y: number) => number): Float32Array {
  return Float32Array.from({ length: SIDE * SIDE }, (_, i) => value(i % SIDE, Math.floor(i / SIDE)));
}

const inHole = (x: number, y: number) => x >= 11 && x < 37 && y >= 8 && y < 40;
const known = Uint8Array.from(plane((x, y) => (inHole(x, y) ? 0 : 1)));

describe('a harmonic fill', () => {
  it('keeps what is known, and takes nothing from the hole', () => {
    const picture = plane((x, y) => Math.sin(x * y));
    const filled = fillHarmonic(picture, known, SIDE, SIDE, { fallback: 0 });
    const other = fillHarmonic(
      picture.map((value, i) => (known[i] ? value : 1e6)),
      known,
      SIDE,
      SIDE,
      { fallback: 0 },
    );
    expect(other).toEqual(filled);
    for (let i = 0; i < known.length; i++) if (known[i]) expect(filled[i]).toBe(picture[i]);
  });

  it.each([
    ['an even slope', (x: number, y: number) => 3 * x - 2 * y + 7],
    ['a saddle', (x: number, y: number) => ((x - 24) * (y - 24)) / 8],
  ])('goes on with %s, which is harmonic itself', (_, value) => {
    const truth = plane(value);
    const filled = fillHarmonic(truth, known, SIDE, SIDE, { fallback: 0 });
    const errors = filled.map((got, i) => Math.abs(got - (truth[i] as number)));
    const range = Math.max(...truth) - Math.min(...truth);
    expect(Math.max(...errors)).toBeLessThan(range * 0.02);
  });

  it('fades where it has a reach', () => {
    const wide = Uint8Array.from(plane((x) => (x === 0 ? 1 : 0)));
    const filled = fillHarmonic(
      plane(() => 100),
      wide,
      SIDE,
      SIDE,
      { fallback: 0, reach: 6 },
    );
    for (const x of [3, 6, 12]) {
      const got = filled[20 * SIDE + x] as number;
      expect(Math.abs(got - 100 * Math.exp(-x / 6))).toBeLessThan(4);
    }
  });

  it('takes the fallback where nothing is known, and leaves a picture without a hole', () => {
    const picture = plane((x) => x);
    const nothing = new Uint8Array(picture.length);
    expect(fillHarmonic(picture, nothing, SIDE, SIDE, { fallback: 5 }).every((value) => value === 5)).toBe(true);
    expect(
      fillHarmonic(
        picture,
        nothing.map(() => 1),
        SIDE,
        SIDE,
        { fallback: 5 },
      ),
    ).toEqual(picture);
    expect(fillHarmonic(Float32Array.of(9), Uint8Array.of(0), 1, 1, { fallback: 5 })).toEqual(Float32Array.of(5));
  });
});
