import { expect, it } from 'vitest';
import { nearestRegions } from './nearest-regions.ts';

const regions = [
  { name: 'sky', color: '#64b4f0' },
  { name: 'tree', color: '#00501e' },
  { name: 'snow', color: '#c8e1ff' },
];

const hex = (bytes: ArrayLike<number>) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

it('knows no colours but those of regions', () => {
  const pixels = [
    [0x64, 0xb4, 0xf0, 255],
    [0, 0x60, 0x20, 200],
    [255, 255, 255, 255],
    [0, 0x50, 0x1e, 100],
    [0, 0, 0, 0],
  ];
  const { data } = nearestRegions({ width: 5, height: 1, data: Uint8Array.from(pixels.flat()) }, regions);
  const colors = Array.from({ length: 5 }, (_, i) => hex(data.subarray(i * 4, i * 4 + 4)));
  expect(colors).toEqual(['64b4f0ff', '00501eff', 'c8e1ffff', '64b4f0ff', '64b4f0ff']);
});
