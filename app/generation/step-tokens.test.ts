import { expect, it } from 'vitest';
import type { ControlMap } from './request.ts';
import { stepTokens } from './step-tokens.ts';

const sizes = { step: 16, pixels: 768 * 768 };
const map = (width: number, height: number): ControlMap => ({
  kind: 'canny',
  image: { width, height, data: new Uint8Array(width * height * 3) },
});

it('is the map’s size in whole tokens for models of any size', () => {
  expect(stepTokens({ tokensPerStep: [2, 2], sizes }, { control: map(33, 48), settings: {} })).toEqual([3, 3, 3]);
});

it.each([
  [{ tokensPerStep: [2, 2] }, map(33, 48)],
  [{ tokensPerStep: [2, 2], sizes }, undefined],
])('is the model’s own otherwise', (model, control) => {
  expect(stepTokens(model, { control, settings: {} })).toEqual([2, 2]);
});

it('is what the settings choose, where settings say it', () => {
  const shapes = [
    { settings: { shape: '1:1', size: '256' }, width: 256, height: 256, tokensPerStep: [1, 4] },
    { settings: { shape: '2:1', size: '256' }, width: 352, height: 176, tokensPerStep: [1, 2] },
  ];
  const model = { tokensPerStep: [1, 4], shapes };
  expect(stepTokens(model, { settings: { cfg: 4, size: '256', shape: '2:1' } })).toEqual([1, 2]);
  expect(stepTokens(model, { settings: { cfg: 4, size: '256', shape: '3:1' } })).toEqual([1, 4]);
});
