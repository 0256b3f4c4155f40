import fc from 'fast-check';
import { expect, it } from 'vitest';
import { softmaxRows } from './softmax.ts';

it('is e^x over its sum, row by row', () => {
  const values = Float32Array.of(0, Math.log(3), 5, 5);
  softmaxRows(values, 2);
  for (const [i, expected] of [0.25, 0.75, 0.5, 0.5].entries()) expect(values[i]).toBeCloseTo(expected, 6);
});

it('gives −∞ exactly nothing', () => {
  const values = Float32Array.of(Number.NEGATIVE_INFINITY, 2, Number.NEGATIVE_INFINITY);
  softmaxRows(values, 3);
  expect(values).toEqual(Float32Array.of(0, 1, 0));
});

it('takes any finite numbers', () => {
  const numbers = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 30 });
  const property = fc.property(numbers, (given) => {
    const values = Float32Array.from(given);
    softmaxRows(values, values.length);
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 4);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  });
  fc.assert(property);
});
