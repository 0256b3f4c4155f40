import { expect, it } from 'vitest';
import { holdKnown, isWhollyKnown, type KnownTokens, knownTokens } from './known-tokens.ts';
import { latentToSymbols } from './latent-tokens.ts';

const tokens = latentToSymbols(Float32Array.of(0, 0, 1, 2, -3, 0.5));
const kept = { tokens, mask: Uint8Array.of(0, 1, 1) };

it('finds the tokens of a step', () => {
  expect(knownTokens(kept, 0, 1, 2)).toBeUndefined();
  expect(knownTokens(undefined, 0, 1, 2)).toBeUndefined();
  expect(knownTokens(kept, 1, 2, 2)).toEqual({ mask: Uint8Array.of(1, 1), latent: Float32Array.of(1, 2, -3, 0.5) });
});

it('tells whether nothing is left to do', () => {
  expect(isWhollyKnown(knownTokens(kept, 1, 2, 2))).toBe(true);
  expect(isWhollyKnown(knownTokens(kept, 0, 2, 2))).toBe(false);
  expect(isWhollyKnown(undefined)).toBe(false);
});

it('holds them on their way from noise', () => {
  const known = knownTokens(kept, 0, 2, 2) as KnownTokens;
  const noise = Float32Array.of(9, 9, 5, 6);
  const x = Float64Array.of(7, 7, 7, 7);
  holdKnown(x, known, noise, 0.25);
  expect([...x]).toEqual([7, 7, 0.75 * 1 + 0.25 * 5, 0.75 * 2 + 0.25 * 6]);
  holdKnown(x, known, noise, 0);
  expect([...x]).toEqual([7, 7, 1, 2]);
});
