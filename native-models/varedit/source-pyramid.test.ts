import { expect, it } from 'vitest';
import { areaMeans } from './source-pyramid.ts';

const grid = (rows: number, columns: number) => ({ rows, columns });
/** Two numbers a cell: its place, and its place times ten. */
const vectors = (count: number) => Float32Array.from({ length: 2 * count }, (_, i) => (i >> 1) * (i % 2 ? 10 : 1));

it('is the mean of the cells under each of the coarser grid’s', () => {
  expect(areaMeans(vectors(16), grid(4, 4), grid(2, 2))).toEqual(
    Float32Array.of(2.5, 25, 4.5, 45, 10.5, 105, 12.5, 125),
  );
});

it('overlaps where the cells do not divide', () => {
  // Windows 0–1, 1–2 of three; the same down.
  expect(areaMeans(vectors(9), grid(3, 3), grid(2, 2))).toEqual(Float32Array.of(2, 20, 3, 30, 5, 50, 6, 60));
});

it('is the same at the same size', () => {
  const same = vectors(6);
  expect(areaMeans(same, grid(2, 3), grid(2, 3))).toBe(same);
});
