import { expect, it } from 'vitest';
import type { ControlMap } from './request.ts';
import { stepTokens } from './step-tokens.ts';

const sizes = { step: 16, pixels: 768 * 768 };
const map = (width: number, height: number): ControlMap => ({
  kind: 'canny',
  image: { width, height, data: new Uint8Array(width * height * 3) },
});

it('is the map’s size in whole tokens for models of any size', () => {
  expect(stepTokens({ tokensPerStep: [2, 2], sizes }, map(33, 48))).toEqual([3, 3, 3]);
});

it.each([
  [{ tokensPerStep: [2, 2] }, map(33, 48)],
  [{ tokensPerStep: [2, 2], sizes }, undefined],
])('is the model’s own otherwise', (model, control) => {
  expect(stepTokens(model, control)).toEqual([2, 2]);
});
