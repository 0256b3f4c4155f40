import { expect, it } from 'vitest';
import type { ModelDescription } from '../../app/generation/request.ts';
import { blankArea, parseSize, planArea } from './area-plan.ts';

const model: ModelDescription = {
  family: 'any',
  title: 'Any',
  width: 128,
  height: 128,
  labels: [],
  classes: 1,
  tokensPerStep: [1, 4, 9, 16, 25, 36, 64, 64, 64, 64],
  symbolsPerToken: 1,
  vocabulary: 2,
  capabilities: [],
  words: false,
  controls: [],
  settings: [],
};

it.each([
  ['1024x512', { width: 1024, height: 512 }],
  [' 1×8192 ', { width: 1, height: 8192 }],
])('reads %s', (text, size) => {
  expect(parseSize(text)).toEqual(size);
});

it.each(['', '1024', '1024x', '0x5', '-5x5', '5.5x5', '8193x1', '1e3x1'])('refuses "%s"', (text) => {
  expect(() => parseSize(text)).toThrow('--size must be width x height');
});

it('fits a frame into the picture, or takes the one that is asked for', () => {
  const size = { width: 300, height: 200 };
  expect(planArea(blankArea(size), size, {}, model).plan).toEqual({
    frame: { width: 200, height: 200 },
    way: 'seamless',
    keepSteps: 0,
    detail: null,
  });
  expect(planArea(blankArea(size), size, { frame: 64, detail: 32, keepScales: 9 }, model).plan).toEqual({
    frame: { width: 64, height: 64 },
    way: 'seamless',
    keepSteps: 9,
    detail: { frame: { width: 32, height: 32 }, keepSteps: 8 },
  });
  expect(() => planArea(blankArea(size), size, { keepScales: 10 }, model)).toThrow('must be below 10');
});
