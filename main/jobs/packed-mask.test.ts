import { expect, it } from 'vitest';
import { packMask, unpackMask } from './packed-mask.ts';

it.each([0, 1, 7, 8, 347])('packs %i flags and unpacks them', (length) => {
  const mask = Uint8Array.from({ length }, (_, i) => (i % 3 === 0 ? 1 : 0));
  expect(Buffer.from(packMask(mask), 'base64').length).toBe(Math.ceil(length / 8));
  expect(unpackMask(packMask(mask), length)).toEqual(mask);
});

it('refuses flags of another picture', () => {
  expect(() => unpackMask(packMask(new Uint8Array(16)), 17)).toThrow('does not fit');
});
