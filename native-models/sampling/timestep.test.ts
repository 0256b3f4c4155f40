import { expect, it } from 'vitest';
import { timestep, timestepSinusoids } from './timestep.ts';

it.each([
  [1, 1000],
  [0.936363636, 936],
  [0.3, 300],
  [0.7, 700],
  [0.29, 290],
  [0.04, 40],
  [0, 0],
])('%d is timestep %i', (time, step) => {
  expect(timestep(time)).toBe(step);
});

it('has the sinusoids of PyTorch', () => {
  const sinusoids = timestepSinusoids(936);
  const torch = [
    [0, 0.9811230301856995],
    [1, -0.7008008360862732],
    [2, 0.9999315738677979],
    [127, 0.994945764541626],
    [128, -0.19338466227054596],
    [129, -0.7133570313453674],
    [200, -0.8519359230995178],
    [255, 0.10041375458240509],
  ] as const;
  for (const [i, value] of torch) expect(Math.abs(sinusoids[i]! - value)).toBeLessThan(6e-5);
});
