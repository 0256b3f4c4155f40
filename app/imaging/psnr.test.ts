import { expect, it } from 'vitest';
import { psnr } from './psnr.ts';

const image = (...data: number[]) => ({ width: data.length / 3, height: 1, data: Uint8Array.from(data) });

it('is 99 for equal pictures, and 20·log10(255/d) for ones that differ by d everywhere', () => {
  expect(psnr(image(1, 2, 3), image(1, 2, 3))).toBe(99);
  expect(psnr(image(10, 20, 30), image(20, 30, 40))).toBeCloseTo(20 * Math.log10(25.5), 10);
  expect(psnr(image(0, 0, 0), image(255, 255, 255))).toBeCloseTo(0, 10);
});

it('refuses pictures of different sizes', () => {
  expect(() => psnr(image(1, 2, 3), image(1, 2, 3, 4, 5, 6))).toThrow('differ in size');
});
