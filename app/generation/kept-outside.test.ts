import { expect, it } from 'vitest';
import { keptOutside } from './kept-outside.ts';

const SIDE = 64;
const STEPS = { tokensPerStep: [1, 4, 16] };

function mask(covered: (x: number, y: number) => boolean) {
  const data = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => (covered(i % SIDE, Math.floor(i / SIDE)) ? 255 : 0));
  return { width: SIDE, height: SIDE, data };
}

it('keeps everything under an empty mask, and nothing under a full one', () => {
  expect(
    keptOutside(
      mask(() => false),
      STEPS,
    ).every((kept) => kept === 1),
  ).toBe(true);
  expect(
    keptOutside(
      mask(() => true),
      STEPS,
    ).some((kept) => kept === 1),
  ).toBe(false);
});

it('gives up the fine cells that the mask touches, and the coarse ones that it covers by half', () => {
  const corner = keptOutside(
    mask((x, y) => x < 20 && y < 10),
    STEPS,
  );
  expect([...corner]).toEqual([1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
});

it('knows where the tokens of a step are when it covers a part of the picture', () => {
  const quarter = { width: 0.5, height: 0.5 };
  const [left, right] = [
    { ...quarter, x: 0, y: 0.5 },
    { ...quarter, x: 0.5, y: 0.5 },
  ];
  const row = { x: 0, y: 0, width: 1, height: 0.25 };
  const model = { tokensPerStep: [4, 4, 4], stepAreas: [left, right, row] };
  const kept = keptOutside(
    mask((x, y) => x >= 48 && y >= 48),
    model,
  );
  expect([...kept]).toEqual([1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1]);
});

it('keeps the tone as long as anything is left', () => {
  const most = keptOutside(
    mask((x) => x < 60),
    STEPS,
  );
  expect([...most.subarray(0, 5)]).toEqual([1, 0, 0, 0, 0]);
});
