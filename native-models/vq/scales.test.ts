import { describe, expect, it } from 'vitest';
import { latentSize, phiIndices, scalePyramid, tokenCount } from './scales.ts';

describe('phiIndices', () => {
  it('shares four convolutions among ten scales as the authors do', () => {
    expect(phiIndices(10, 4)).toEqual([0, 0, 1, 1, 1, 2, 2, 3, 3, 3]);
  });

  it('gives every scale the only convolution', () => {
    expect(phiIndices(7, 1)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  it('goes up from the first to the last', () => {
    expect(phiIndices(3, 4)).toEqual([0, 1, 3]);
    expect(phiIndices(1, 4)).toEqual([0]);
    expect(phiIndices(5, 2)).toEqual([0, 0, 0, 1, 1]);
  });
});

describe('scalePyramid', () => {
  it('counts tokens', () => {
    const pyramid = scalePyramid([1, 2, 3, 4, 5, 6, 8, 10, 13, 16]);
    expect(pyramid.offsets).toEqual([0, 1, 5, 14, 30, 55, 91, 155, 255, 424, 680]);
    expect(tokenCount(pyramid)).toBe(680);
    expect(latentSize(pyramid)).toBe(16);
  });
});
