import { expect, it } from 'vitest';
import { boundsOf, cropMask, cropRgb, fillMask, pasteRgb } from './regions.ts';

const image = { width: 3, height: 2, data: Uint8Array.from({ length: 18 }, (_, i) => i + 1) };

it('crops, black beyond the picture', () => {
  expect([...cropRgb(image, { x: 1, y: 1, width: 1, height: 1 }).data]).toEqual([13, 14, 15]);
  const beyond = cropRgb(image, { x: 2, y: -1, width: 2, height: 2 });
  expect([...beyond.data]).toEqual([0, 0, 0, 0, 0, 0, 7, 8, 9, 0, 0, 0]);
  expect([...cropRgb(image, { x: 9, y: 9, width: 1, height: 1 }).data]).toEqual([0, 0, 0]);
});

it('crops masks, with any cover beyond', () => {
  const mask = { width: 2, height: 1, data: Uint8Array.of(10, 20) };
  expect([...cropMask(mask, { x: -1, y: 0, width: 2, height: 2 }, 255).data]).toEqual([255, 10, 255, 255]);
});

it('puts back what it cropped', () => {
  const target = { width: 3, height: 2, data: new Uint8Array(18) };
  pasteRgb(target, cropRgb(image, { x: -1, y: -1, width: 5, height: 4 }), { x: -1, y: -1 });
  expect(target).toEqual(image);
  pasteRgb(target, image, { x: 5, y: 0 });
  expect(target).toEqual(image);
});

it('fills a part of a mask', () => {
  const mask = { width: 3, height: 2, data: new Uint8Array(6) };
  fillMask(mask, { x: 1, y: 1, width: 9, height: 9 }, 7);
  fillMask(mask, { x: -5, y: 0, width: 2, height: 1 }, 9);
  expect([...mask.data]).toEqual([0, 0, 0, 0, 7, 7]);
});

it('finds what a mask covers', () => {
  const mask = { width: 5, height: 4, data: new Uint8Array(20) };
  expect(boundsOf(mask)).toMatchObject({ width: 0, height: 0 });
  mask.data[7] = 1;
  mask.data[18] = 255;
  expect(boundsOf(mask)).toEqual({ x: 2, y: 1, width: 2, height: 3 });
});
