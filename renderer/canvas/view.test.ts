import { describe, expect, it } from 'vitest';
import { MAX_SCALE, pinch, toPainting, toScreen, type View } from './view.ts';

const VIEW: View = { x: 30, y: -20, scale: 0.5, rotation: 0.3 };

describe('two fingers', () => {
  it('that go apart zoom in around what is between them', () => {
    const before = [
      { x: 100, y: 100 },
      { x: 200, y: 100 },
    ] as const;
    const after = [
      { x: 50, y: 100 },
      { x: 250, y: 100 },
    ] as const;
    const view = pinch(VIEW, before, after);
    expect(view.scale).toBeCloseTo(1);
    const middle = toScreen(view, toPainting(VIEW, { x: 150, y: 100 }));
    expect(middle.x).toBeCloseTo(150);
    expect(middle.y).toBeCloseTo(100);
  });

  it('that go along move the painting with them', () => {
    const before = [
      { x: 100, y: 100 },
      { x: 200, y: 150 },
    ] as const;
    const after = [
      { x: 110, y: 80 },
      { x: 210, y: 130 },
    ] as const;
    expect(pinch(VIEW, before, after)).toEqual({ ...VIEW, x: 40, y: -40 });
  });

  it('in one place zoom no farther than the view can', () => {
    const before = [
      { x: 100, y: 100 },
      { x: 100, y: 100 },
    ] as const;
    const after = [
      { x: 0, y: 100 },
      { x: 900, y: 100 },
    ] as const;
    expect(pinch(VIEW, before, after).scale).toBe(MAX_SCALE);
  });
});
