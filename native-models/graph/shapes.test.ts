import { describe, expect, it } from 'vitest';
import { broadcast, GraphError, normalizeAxis, reshapeTarget, staticDim } from './shapes.ts';

describe('broadcast', () => {
  it.each([
    [[2, 3], [3], [2, 3]],
    [[3], [2, 1], [2, 3]],
    [[], [4, 5], [4, 5]],
    [[1, 1], [1], [1, 1]],
    [['n', 1], [7], ['n', 7]],
    [[1], ['n'], ['n']],
    [
      ['n', 4],
      ['n', 1],
      ['n', 4],
    ],
  ])('%j with %j is %j', (a, b, expected) => {
    expect(broadcast(a, b)).toEqual(expected);
  });

  it.each([
    [[2], [3]],
    [['n'], [3]],
    [['n'], ['m']],
    [
      [2, 3],
      [2, 1, 2],
    ],
  ])('refuses %j with %j', (a, b) => {
    expect(() => broadcast(a, b)).toThrow(GraphError);
  });
});

describe('reshapeTarget', () => {
  it('keeps known sizes, copies an unknown one at its place, and computes another', () => {
    expect(reshapeTarget([2, 6], [3, 4])).toEqual([3, 4]);
    expect(reshapeTarget(['n', 6], ['n', 2, 3])).toEqual([0, 2, 3]);
    expect(reshapeTarget(['n', 6], [1, 'n', 6])).toEqual([1, -1, 6]);
    expect(reshapeTarget(['a', 'b', 4], ['a', 'b·4'])).toEqual([0, -1]);
  });

  it('refuses other numbers of elements', () => {
    expect(() => reshapeTarget([2, 3], [2, 4])).toThrow('(2, 3) cannot be reshaped to (2, 4).');
    expect(() => reshapeTarget(['n', 6], ['n', 5])).toThrow(GraphError);
  });

  it('refuses two sizes to compute', () => {
    expect(() => reshapeTarget([8], ['a', 'b'])).toThrow("'a' and 'b' are unknown");
  });
});

describe('sizes', () => {
  it('must be known where a number is needed', () => {
    expect(staticDim(4)).toBe(4);
    expect(() => staticDim('n')).toThrow("Size 'n' must be known");
    expect(() => staticDim(undefined)).toThrow(GraphError);
  });

  it('are counted from the end by a negative axis', () => {
    expect(normalizeAxis(-1, 3)).toBe(2);
    expect(normalizeAxis(2, 3)).toBe(2);
    expect(() => normalizeAxis(3, 3)).toThrow('Axis 3 is outside rank 3.');
    expect(() => normalizeAxis(-4, 3)).toThrow(GraphError);
  });
});
