import { expect, it } from 'vitest';
import { fromTokens, toTokens } from './patches.ts';

const layout = { latentChannels: 2, patch: 2 } as const;
const grid = { rows: 1, columns: 2 };
/** Channels of 2×4 pixels. */
const PLANES = Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17);
const TOKENS = Float32Array.of(0, 1, 4, 5, 10, 11, 14, 15, 2, 3, 6, 7, 12, 13, 16, 17);

it('puts the pixels of a token beside each other, channel by channel', () => {
  expect(toTokens(PLANES, grid, layout)).toEqual(TOKENS);
});

it('goes back', () => {
  expect(fromTokens(TOKENS, grid, layout)).toEqual(PLANES);
});

it('is a plain change of order without patches', () => {
  const planes = Float32Array.of(1, 2, 3, 4);
  expect(toTokens(planes, grid, { latentChannels: 2, patch: 1 })).toEqual(Float32Array.of(1, 3, 2, 4));
});
