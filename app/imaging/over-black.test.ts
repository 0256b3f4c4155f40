import { expect, it } from 'vitest';
import { overBlack } from './over-black.ts';

it('lets the transparent be black and the opaque be as it is', () => {
  const data = Uint8Array.of(200, 100, 50, 255, 200, 100, 50, 0, 200, 100, 50, 128);
  expect(overBlack({ width: 3, height: 1, data })).toEqual({
    width: 3,
    height: 1,
    data: Uint8Array.of(200, 100, 50, 0, 0, 0, 100, 50, 25),
  });
});
