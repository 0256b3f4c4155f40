import { describe, expect, it } from 'vitest';
import { squaredDistances } from './squared-distances.ts';
import { randomBytes } from './testing/random-bytes.ts';

function nearestSeed(seeds: Uint8Array, width: number, at: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (const [i, seed] of seeds.entries()) {
    const dx = (i % width) - (at % width);
    const dy = Math.floor(i / width) - Math.floor(at / width);
    if (seed) nearest = Math.min(nearest, dx * dx + dy * dy);
  }
  return nearest;
}

describe('squaredDistances', () => {
  it.each([
    [31, 23, 2],
    [23, 31, 40],
    [40, 1, 30],
    [1, 40, 30],
    [16, 16, 128],
  ])('finds the nearest seed of all: %d × %d, %d/256 of them seeds', (width, height, share) => {
    for (const seed of [1, 2, 3]) {
      const seeds = randomBytes(width * height, seed).map((byte) => (byte < share ? 1 : 0));
      seeds[Math.floor(seeds.length / 3)] = 1;
      const expected = [...seeds.keys()].map((at) => nearestSeed(seeds, width, at));
      expect([...squaredDistances(seeds, width, height)]).toEqual(expected);
    }
  });

  it('finds none where there is none', () => {
    expect([...squaredDistances(new Uint8Array(6), 3, 2)]).toEqual(Array(6).fill(25));
  });

  it('takes a plane without pixels', () => {
    expect(squaredDistances(new Uint8Array(0), 0, 0)).toHaveLength(0);
  });
});
