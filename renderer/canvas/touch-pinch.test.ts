import { beforeEach, describe, expect, it } from 'vitest';
import { TouchPinch } from './touch-pinch.ts';
import type { View } from './view.ts';

const VIEW: View = { x: 0, y: 0, scale: 1, rotation: 0 };

describe('fingers', () => {
  let touch: TouchPinch;

  beforeEach(() => {
    touch = new TouchPinch();
    touch.down(1, { x: 0, y: 0 });
  });

  it('do nothing to the view while there is one', () => {
    expect(touch.isPinching).toBe(false);
    expect(touch.move(1, { x: 9, y: 9 })).toBeUndefined();
  });

  it('zoom when there are two, from where each was last', () => {
    touch.down(2, { x: 100, y: 0 });
    expect(touch.isPinching).toBe(true);
    const first = touch.move(2, { x: 200, y: 0 })?.(VIEW) as View;
    const second = touch.move(1, { x: -200, y: 0 })?.(first) as View;
    expect(first.scale).toBeCloseTo(2);
    expect(second.scale).toBeCloseTo(4);
  });

  it('pinch until the last one is lifted, so that the other one does not paint', () => {
    touch.down(2, { x: 100, y: 0 });
    touch.up(1);
    expect(touch.isPinching).toBe(true);
    expect(touch.move(2, { x: 50, y: 0 })).toBeUndefined();
    touch.up(2);
    expect(touch.isPinching).toBe(false);
  });

  it('do nothing when there are three', () => {
    touch.down(2, { x: 100, y: 0 });
    touch.down(3, { x: 50, y: 50 });
    expect(touch.move(3, { x: 80, y: 80 })).toBeUndefined();
  });
});
