import { expect, it } from 'vitest';
import { newId } from './ids.ts';

it('makes ids that differ and sort by time', () => {
  const ids = [1, 2 ** 40, Date.now(), Date.now() + 1].map((now) => newId(now));
  expect(ids.toSorted()).toEqual(ids);
  expect(ids.every((id) => /^[0-9a-z]{21}$/.test(id))).toBe(true);
  expect(newId(5)).not.toBe(newId(5));
});
