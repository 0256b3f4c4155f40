import { expect, it } from 'vitest';
import { nearestKnown } from './nearest-known.ts';
import { squaredDistances } from './squared-distances.ts';
import { randomBytes } from './testing/random-bytes.ts';

const [WIDTH, HEIGHT] = [37, 29];

it.each([1, 8, 60])('finds a known pixel that is as near as any, within a pixel (%i in 256 known)', (share) => {
  const known = randomBytes(WIDTH * HEIGHT, share).map((value) => (value < share ? 1 : 0));
  const nearest = nearestKnown(known, WIDTH, HEIGHT);
  const exact = squaredDistances(known, WIDTH, HEIGHT);
  for (let i = 0; i < known.length; i++) {
    const place = nearest[i] as number;
    expect(known[place]).toBe(1);
    const [dx, dy] = [(place % WIDTH) - (i % WIDTH), Math.floor(place / WIDTH) - Math.floor(i / WIDTH)];
    expect(Math.hypot(dx, dy)).toBeLessThan(Math.sqrt(exact[i] as number) + 1);
  }
});

it('finds nothing where nothing is known', () => {
  expect(nearestKnown(new Uint8Array(6), 3, 2)).toEqual(new Int32Array(6).fill(-1));
});
