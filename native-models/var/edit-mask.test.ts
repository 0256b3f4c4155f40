import { describe, expect, it } from 'vitest';
import { boxMask } from './edit-mask.ts';

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
