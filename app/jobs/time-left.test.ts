import { expect, it } from 'vitest';
import { TimeLeft } from './time-left.ts';

it('goes by the speed since the first step', () => {
  const timeLeft = new TimeLeft();
  expect(timeLeft.update(0.1, 5000)).toBeUndefined();
  expect(timeLeft.update(0.35, 6000)).toBeCloseTo(2600);
  expect(timeLeft.update(0.6, 7000)).toBeCloseTo(1600);
  expect(timeLeft.update(1, 9000)).toBe(0);
});

it('says nothing while there is little progress', () => {
  const timeLeft = new TimeLeft();
  timeLeft.update(0, 0);
  expect(timeLeft.update(0, 10)).toBeUndefined();
  expect(timeLeft.update(0.02, 20)).toBeUndefined();
});
