import { expect, it } from 'vitest';
import { controlSize, frameControl } from './frame-control.ts';

const MODEL = { width: 4, height: 4 };

/** Left half red, right half blue. */
function halves(width: number, height: number) {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) data[i * 3 + (i % width < width / 2 ? 0 : 2)] = 255;
  return { width, height, data };
}

it.each(['canny', 'segmentation'] as const)('gives each frame its part of the map: %s', (kind) => {
  const control = { kind, image: halves(16, 8) };
  const area = { width: 16, height: 8 };
  const of = (x: number) => frameControl(control, area, { x, y: 0, width: 8, height: 8 }, MODEL).image;
  expect(of(0)).toEqual({ ...MODEL, data: Uint8Array.from({ length: 48 }, (_, i) => (i % 3 === 0 ? 255 : 0)) });
  expect(of(4)).toEqual(halves(4, 4));
  expect(of(12).data.subarray(6, 12)).toEqual(new Uint8Array(6));
});

it('brings a map of another size to that of the area', () => {
  const control = { kind: 'depth', image: halves(2, 1) } as const;
  const { data } = frameControl(control, { width: 16, height: 8 }, { x: 8, y: 0, width: 8, height: 8 }, MODEL).image;
  expect([data[9], data[11]]).toEqual([0, 255]);
});

it('makes maps as fine as the model sees them', () => {
  expect(controlSize({ width: 512, height: 512 }, { width: 128, height: 128 })).toEqual({ width: 128, height: 128 });
  expect(controlSize({ width: 1024, height: 512 }, { width: 128, height: 128 })).toEqual({ width: 256, height: 128 });
});
