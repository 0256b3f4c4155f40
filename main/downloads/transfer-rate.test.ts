import { expect, it } from 'vitest';
import { TransferRate } from './transfer-rate.ts';

it('is what came over the last seconds', () => {
  const rate = new TransferRate();
  expect(rate.perSecond(0)).toBe(0);
  for (let second = 0; second <= 10; second++) rate.add(second < 5 ? 0 : (second - 5) * 1000, second * 1000);
  expect(rate.perSecond(10_000)).toBe(1000);
});

it('falls when nothing comes, and begins anew with the file', () => {
  const rate = new TransferRate();
  rate.add(0, 0);
  rate.add(4000, 1000);
  expect(rate.perSecond(1000)).toBe(4000);
  expect(rate.perSecond(4000)).toBe(1000);
  expect(rate.perSecond(7000)).toBe(0);
  rate.add(0, 8000);
  expect(rate.perSecond(8000)).toBe(0);
});
