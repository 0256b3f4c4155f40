import { describe, expect, it } from 'vitest';
import { planFrame } from './plan-frame.ts';

const MODEL = { width: 128, height: 128, tokensPerStep: [1, 4, 9, 16, 25, 36, 64, 100, 169, 256] };
const square = (side: number) => ({ width: side, height: side });
const WISH = { detail: false, keepSteps: 0 };

describe('the plan of a frame', () => {
  it('is one picture in the model’s shape', () => {
    expect(planFrame(square(512), MODEL, WISH)).toBeUndefined();
    expect(planFrame({ width: 1000, height: 751 }, { ...MODEL, width: 400, height: 300 }, WISH)).toBeUndefined();
    expect(planFrame(square(128), MODEL, { ...WISH, detail: true })).toBeUndefined();
  });

  it('is several in another shape, as large as they fit', () => {
    const plan = planFrame({ width: 1024, height: 512 }, MODEL, { ...WISH, keepSteps: 3 });
    expect(plan).toEqual({ frame: square(512), way: 'seamless', keepSteps: 3, detail: null });
  });

  it('goes over it again for detail', () => {
    const plan = planFrame(square(512), MODEL, { ...WISH, detail: true });
    expect(plan).toMatchObject({ frame: square(512), detail: { frame: square(128), keepSteps: 8 } });
    expect(planFrame({ width: 300, height: 128 }, MODEL, { ...WISH, detail: true })?.detail).toBeNull();
  });

  it('goes on at the scale of what is there, but not below the model’s', () => {
    const wide = { width: 1024, height: 512 };
    expect(planFrame(wide, MODEL, { ...WISH, known: { width: 300, height: 400 } })?.frame).toEqual(square(300));
    expect(planFrame(wide, MODEL, { ...WISH, known: { width: 8, height: 400 } })?.frame).toEqual(square(128));
    expect(planFrame(wide, MODEL, { ...WISH, known: square(900) })?.frame).toEqual(square(512));
  });
});
