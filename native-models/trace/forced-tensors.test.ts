import { describe, expect, it } from 'vitest';
import type { NamedArray } from '../pipeline.ts';
import { checkForced, forcedFloats, forcedIntegers } from './forced-tensors.ts';

const NAMES = { inputs: ['gumbel', 'tau'], results: ['f_hat', 'blocks_s'] };
const failure = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });
const floats = (...values: number[]): NamedArray => ({
  type: 'f32',
  shape: [values.length],
  data: Float32Array.from(values),
});

describe('checkForced', () => {
  it('takes inputs, and passes over recorded results', () => {
    expect(() =>
      checkForced(
        new Map([
          ['gumbel', floats(1)],
          ['f_hat', floats(2)],
          ['blocks_s2', floats(2)],
        ]),
        NAMES,
      ),
    ).not.toThrow();
  });

  it('refuses what nothing knows', () => {
    expect(() => checkForced(new Map([['token', floats(1)]]), NAMES)).toThrow(
      failure('bad-request', "unknown tensor 'token'"),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %d and says where it is', (bad) => {
    const forced = new Map([['tau', floats(1, 2, bad)]]);
    expect(() => checkForced(forced, NAMES)).toThrow(failure('not-finite', `'tau' holds ${bad} at element 2.`));
  });
});

describe('forced tensors', () => {
  const tokens: NamedArray = { type: 'i64', shape: [2], data: BigInt64Array.of(5n, 7n) };
  const forced = new Map<string, NamedArray>([
    ['tokens', tokens],
    ['tau', floats(0.5, 0.25)],
  ]);

  it('are read as numbers', () => {
    expect(forcedIntegers(forced, 'tokens', 2)).toEqual(Int32Array.of(5, 7));
    expect(forcedFloats(forced, 'tau', 2)).toEqual(Float64Array.of(0.5, 0.25));
    expect(forcedIntegers(forced, 'label', 1)).toBeUndefined();
    expect(forcedFloats(forced, 'gumbel', 1)).toBeUndefined();
  });

  it.each([
    ['whole numbers of another length', () => forcedIntegers(forced, 'tokens', 3), "'tokens' must be whole numbers, 3"],
    ['floats for whole numbers', () => forcedIntegers(forced, 'tau', 2), 'but is f32 of shape (2)'],
    ['floats of another length', () => forcedFloats(forced, 'tau', 3), "'tau' must be 3 floating-point numbers"],
    ['whole numbers for floats', () => forcedFloats(forced, 'tokens', 2), 'but is i64 of shape (2)'],
  ])('are refused: %s', (_, read, message) => {
    expect(read).toThrow(failure('bad-request', message));
  });
});
