import { expect, it } from 'vitest';
import { fittingFrame, frameAround, frameOfSide } from './frame-size.ts';

const MODEL = { width: 128, height: 128 };
const square = (side: number) => ({ width: side, height: side });

it.each([
  [1024, 512, 512],
  [128, 128, 128],
  [300, 200, 200],
  [64, 64, 64],
  [100, 60, 100],
  [1000, 2, 128],
  [1, 1, 1],
])('fits into %i×%i with a side of %i', (width, height, side) => {
  expect(fittingFrame({ width, height }, MODEL)).toEqual(square(side));
});

it('keeps the shape of the model', () => {
  expect(fittingFrame({ width: 600, height: 600 }, { width: 256, height: 128 })).toEqual({ width: 600, height: 300 });
  expect(frameOfSide(64, { width: 256, height: 128 })).toEqual({ width: 128, height: 64 });
});

it('is around an area at the model’s size, or larger', () => {
  const picture = { width: 1000, height: 800 };
  expect(frameAround({ x: 0, y: 0, width: 20, height: 30 }, picture, MODEL)).toEqual(square(128));
  expect(frameAround({ x: 0, y: 0, width: 200, height: 300 }, picture, MODEL)).toEqual(square(450));
  expect(frameAround({ x: 0, y: 0, width: 900, height: 300 }, picture, MODEL)).toEqual(square(800));
});
