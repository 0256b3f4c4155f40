import { expect, it } from 'vitest';
import { Mt19937 } from './mt19937.ts';

it('gives the authors’ numbers for their seed', () => {
  const engine = new Mt19937(5489);
  expect([engine.next(), engine.next(), engine.next()]).toEqual([3499211612, 581869302, 3890346734]);
});

it('gives the 10 000th number of the C++ standard', () => {
  const engine = new Mt19937(5489);
  for (let i = 1; i < 10_000; i++) engine.next();
  expect(engine.next()).toBe(4123659995);
});

it('takes the low 32 bits of the seed', () => {
  expect(new Mt19937(2 ** 32 + 12345).next()).toBe(3992670690);
  expect(new Mt19937(12345).next()).toBe(3992670690);
});

it.each([1, 623, 624, 2000])('skips %i numbers', (count) => {
  const [skipping, drawing] = [new Mt19937(7), new Mt19937(7)];
  skipping.skip(count);
  for (let i = 0; i < count; i++) drawing.next();
  expect(skipping.next()).toBe(drawing.next());
});
