import { expect, it } from 'vitest';
import { annealedSteps } from './annealed-steps.ts';

it('are those of the authors', () => {
  expect(annealedSteps(5, 25, 15)).toEqual([25, 22, 20, 17, 15]);
  expect(annealedSteps(5, 50, 15)).toEqual([50, 41, 32, 23, 15]);
  expect(annealedSteps(4, 50, 15)).toEqual([50, 38, 26, 15]);
});

it('are all the same when there is nothing to lose, and all there are for a single part', () => {
  expect(annealedSteps(3, 15, 15)).toEqual([15, 15, 15]);
  expect(annealedSteps(1, 25, 15)).toEqual([25]);
});
