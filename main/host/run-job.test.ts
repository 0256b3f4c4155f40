import { expect, it } from 'vitest';
import type { GenerationRequest } from '../../app/generation/request.ts';
import { resumed } from './run-job.ts';

const REQUEST: GenerationRequest = { model: 'm', label: 1, seed: 4, settings: {} };
const LAYOUT = { tokensPerStep: [1, 2], symbolsPerToken: 2 };

it('leaves a request that has not begun as it is', () => {
  expect(resumed(REQUEST, new Int32Array(0), LAYOUT)).toBe(REQUEST);
});

it('keeps the steps that are done', () => {
  const { kept } = resumed(REQUEST, Int32Array.of(40, 41), LAYOUT);
  expect(kept).toEqual({ tokens: Int32Array.of(40, 41, 0, 0, 0, 0), mask: Uint8Array.of(1, 0, 0) });
});

it('joins what the request took over anyway', () => {
  const before = { tokens: Int32Array.of(1, 2, 3, 4, 5, 6), mask: Uint8Array.of(0, 0, 1) };
  const { kept } = resumed({ ...REQUEST, kept: before }, Int32Array.of(40, 41), LAYOUT);
  expect(kept).toEqual({ tokens: Int32Array.of(40, 41, 3, 4, 5, 6), mask: Uint8Array.of(1, 0, 1) });
});
