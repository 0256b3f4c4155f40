import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nearest } from './nearest.ts';

const LABELS = ['alpine lake', 'mountain lake', 'desert', 'harbour', 'night city', 'pine forest'];

it.each([
  ['alpin lake', 'alpine lake'],
  ['ALPINE LAEK', 'alpine lake'],
  ['habror', 'harbour'],
  ['forest', 'pine forest'],
  ['forrest', 'pine forest'],
  ['dessert', 'desert'],
])('finds what %s meant', (word, meant) => {
  expect(nearest(word, LABELS, 3)[0]).toBe(meant);
});

it('suggests nothing for what is like nothing', () => {
  expect(nearest('xylophone', LABELS, 3)).toEqual([]);
  expect(nearest('', LABELS, 3)).toEqual([]);
});

it('puts an equal candidate first and keeps to the count, whatever the texts', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.array(fc.string()), (word, others) => {
      const trimmed = word.trim();
      fc.pre(trimmed.length > 0);
      const found = nearest(word, [...others, trimmed], 2);
      expect(found.length).toBeLessThanOrEqual(2);
      expect(found[0]?.toLowerCase()).toBe(trimmed.toLowerCase());
    }),
  );
});
