import { describe, expect, it } from 'vitest';
import { fitWithin } from './thumbnail.ts';

describe('fitWithin', () => {
  it.each([
    [512, 512, 256, 256, 256],
    [1024, 512, 256, 256, 128],
    [300, 1000, 100, 30, 100],
    [100, 50, 256, 100, 50],
    [10_000, 1, 256, 256, 1],
    [3, 2, 2, 2, 1],
    [512, 512, 99.9, 99, 99],
  ])('%d × %d within %d is %d × %d', (width, height, maxSide, fittedWidth, fittedHeight) => {
    expect(fitWithin(width, height, maxSide)).toEqual({ width: fittedWidth, height: fittedHeight });
  });

  it.each([
    [0, 1, 1],
    [1, -1, 1],
    [1, 1, 0],
    [Number.NaN, 1, 1],
    [1, Number.POSITIVE_INFINITY, 1],
  ])('refuses %d × %d within %d', (width, height, maxSide) => {
    expect(() => fitWithin(width, height, maxSide)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });
});
