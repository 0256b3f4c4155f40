import { describe, expect, it } from 'vitest';
import { scalePyramid } from '../vq/scales.ts';
import { boxMask, keptTokens } from './edit-mask.ts';

const DEMO_BOX = [0.1, 0.1, 0.8, 0.8] as const;
const SMALL = scalePyramid([1, 2, 3, 4, 5, 6, 8, 10, 13, 16]);
const LARGE = scalePyramid([1, 2, 3, 4, 6, 9, 13, 18, 24, 32]);

function keptOfEachScale(mask: Uint8Array, pyramid: typeof SMALL): number[] {
  const kept = keptTokens(mask, pyramid);
  return pyramid.patchNums.map((_, scale) => {
    const tokens = kept.subarray(pyramid.offsets[scale], pyramid.offsets[scale + 1]);
    return tokens.reduce((sum, value) => sum + value, 0);
  });
}

describe('keptTokens', () => {
  it('keeps as many as the authors do around their demo box', () => {
    expect(keptOfEachScale(boxMask(DEMO_BOX, 16, true), SMALL)).toEqual([1, 0, 5, 8, 16, 20, 29, 51, 89, 135]);
    expect(keptOfEachScale(boxMask(DEMO_BOX, 32, true), LARGE)).toEqual([1, 0, 5, 7, 20, 45, 70, 155, 255, 495]);
  });

  it('keeps all of a full mask, and the first token alone of an empty one', () => {
    expect(keptOfEachScale(new Uint8Array(256).fill(1), SMALL)).toEqual(SMALL.patchNums.map((side) => side * side));
    expect(keptOfEachScale(new Uint8Array(256), SMALL)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });
});

describe('boxMask', () => {
  it('generates inside the box when in-painting, and outside it when out-painting', () => {
    const box = [0.25, 0.5, 0.75, 1] as const;
    expect([...boxMask(box, 4, true)]).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1]);
    expect([...boxMask(box, 4, false)]).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0]);
  });

  it('rounds halves to even, as Python does', () => {
    expect([...boxMask([0, 0.25, 1, 0.75], 2, false)]).toEqual([1, 1, 1, 1]); // 0.5 → 0, 1.5 → 2
    expect([...boxMask([0, 0, 1, 0.25], 2, false)]).toEqual([0, 0, 0, 0]);
  });
});
