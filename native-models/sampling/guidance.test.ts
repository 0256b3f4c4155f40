import { expect, it } from 'vitest';
import { applyGuidance, interpolateGuidance } from './guidance.ts';

const rows = Float32Array.of(1, 2, -3, 4, 0.5, 1, 2, -8);

it('moves away from the unconditional rows', () => {
  expect(applyGuidance(rows, 2)).toEqual(Float32Array.of(2, 4, -13, 28));
});

it('leaves the conditional rows as they are for 0', () => {
  expect(applyGuidance(rows, 0)).toEqual(rows.slice(0, 4));
});

it('rounds every step to float32', () => {
  const [t, a, b] = [4 / 9, 0.1, 0.7].map(Math.fround) as [number, number, number];
  const more = Math.fround(Math.fround(1 + 4 / 9) * a);
  expect(applyGuidance(Float32Array.of(a, b), 4 / 9)[0]).toBe(Math.fround(more - Math.fround(t * b)));
});

it('goes from the unconditional row towards the conditional one and beyond', () => {
  const result = new Float32Array(4);
  interpolateGuidance(rows, 3, result);
  expect(result).toEqual(Float32Array.of(2, 4, -13, 28));
  interpolateGuidance(rows, 1, result);
  expect(result).toEqual(rows.slice(0, 4));
});
