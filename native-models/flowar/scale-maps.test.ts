import { expect, it } from 'vitest';
import { enlarged, nextInput, scaleLatents } from './scale-maps.ts';

const SIDES = [1, 2, 4];

it('an even latent stays even at every size', () => {
  const even = Float32Array.of(3, -1, 3, -1, 3, -1, 3, -1);
  expect([...nextInput(even, 2, 4, 8)]).toEqual(
    new Array(16)
      .fill([3, -1])
      .flat()
      .map((value) => expect.closeTo(value, 5)),
  );
});

it('a scale is the mean of what it covers', () => {
  const planes = Float32Array.from({ length: 16 }, (_, i) => i);
  expect([...scaleLatents(planes, SIDES)]).toEqual([7.5, 2.5, 4.5, 10.5, 12.5, ...planes]);
});

it('the last scale is the latent itself, as planes', () => {
  const latent = Float32Array.of(1, 10, 2, 20, 3, 30, 4, 40);
  expect([...enlarged(latent, 2, 2)]).toEqual([1, 2, 3, 4, 10, 20, 30, 40]);
});
