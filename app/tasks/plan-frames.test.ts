import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rect } from '../document/document.ts';
import type { Mask } from '../imaging/mask.ts';
import { fillMask } from '../imaging/regions.ts';
import { planFrames } from './plan-frames.ts';

function mask(width: number, height: number, ...covered: Rect[]): Mask {
  const result = { width, height, data: new Uint8Array(width * height) };
  for (const rect of covered) fillMask(result, rect, 255);
  return result;
}

const FRAME = { width: 64, height: 64 };

describe('frames', () => {
  it('put a small area into the middle of one frame', () => {
    const area = { x: 100, y: 40, width: 24, height: 24 };
    const frames = planFrames(mask(256, 128, area), FRAME);
    expect(frames.map(({ seen }) => seen)).toEqual([{ x: 80, y: 16, ...FRAME }]);
  });

  it('go on from what is there, half a frame at a time', () => {
    const frames = planFrames(mask(256, 64, { x: 64, y: 0, width: 192, height: 64 }), FRAME);
    expect(frames.map(({ seen }) => seen.x)).toEqual([32, 64, 96, 128, 160, 192]);
  });

  it('begin in the middle of an empty picture', () => {
    const [first] = planFrames(mask(192, 64, { x: 0, y: 0, width: 192, height: 64 }), FRAME);
    expect(first?.seen).toEqual({ x: 64, y: 0, ...FRAME });
  });

  it('reach beyond a picture that is smaller, and have no margin where it ends', () => {
    const frames = planFrames(mask(40, 100, { x: 0, y: 0, width: 40, height: 10 }), FRAME);
    expect(frames).toEqual([{ seen: { x: -12, y: 0, ...FRAME }, painted: { x: 0, y: 0, width: 40, height: 62 } }]);
  });

  it('are none for an empty mask', () => {
    expect(planFrames(mask(10, 10), FRAME)).toEqual([]);
  });

  it('paint everything that is asked for, and each something', () => {
    const side = fc.integer({ min: 1, max: 90 });
    const rect = fc.record({ x: side, y: side, width: side, height: side });
    fc.assert(
      fc.property(side, side, fc.array(rect, { maxLength: 3 }), side, side, (width, height, rects, w, h) => {
        const rest = mask(width, height, ...rects);
        for (const { seen, painted } of planFrames(rest, { width: w, height: h })) {
          expect([seen.width, seen.height]).toEqual([w, h]);
          const before = rest.data.filter((cover) => cover > 0).length;
          fillMask(rest, painted, 0);
          expect(rest.data.filter((cover) => cover > 0).length).toBeLessThan(before);
        }
        expect(rest.data.some((cover) => cover > 0)).toBe(false);
      }),
    );
  });
});
