import { expect, it } from 'vitest';
import type { RgbImage } from '../generation/pipeline-event.ts';
import { fillMask } from '../imaging/regions.ts';
import { AreaPreview } from './area-preview.ts';
import type { Area, AreaPlan } from './paint-area.ts';

const SIZE = { width: 128, height: 64 };
const SIDE = { width: 64, height: 64 };
const PLAN: AreaPlan = { frame: SIDE, way: 'seamless', keepSteps: 0, detail: null };

function flat({ width, height }: typeof SIZE, value: number) {
  return { width, height, data: new Uint8Array(width * height * 3).fill(value) };
}

function area(): Area {
  const cover = { ...SIZE, data: new Uint8Array(SIZE.width * SIZE.height) };
  fillMask(cover, { x: 80, y: 0, width: 48, height: 64 }, 255);
  return { image: flat(SIZE, 10), cover };
}

const at = ({ width, data }: RgbImage, x: number, y: number) => data[(y * width + x) * 3];

it('shows what the model has of a frame where it is painted, and what is there elsewhere', () => {
  const preview = new AreaPreview(area(), PLAN);
  expect(preview.frames).toBe(2);
  const shown = preview.inProgress(0, flat({ width: 8, height: 8 }, 200));
  expect([at(shown, 100, 30), at(shown, 70, 30), at(shown, 5, 5)]).toEqual([200, 10, 10]);
});

it('shows what is done, and keeps it while detail is added', () => {
  const preview = new AreaPreview(area(), { ...PLAN, detail: { frame: { width: 32, height: 32 }, keepSteps: 1 } });
  expect(at(preview.done(flat(SIZE, 90)), 100, 30)).toBe(90);
  expect(at(preview.inProgress(preview.frames - 1, flat({ width: 8, height: 8 }, 200)), 100, 30)).toBe(90);
});

it('is small for large pictures', () => {
  const large = { width: 2048, height: 1024 };
  const cover = { ...large, data: new Uint8Array(large.width * large.height).fill(255) };
  const preview = new AreaPreview({ image: flat(large, 0), cover }, { ...PLAN, frame: { width: 1024, height: 1024 } });
  expect(preview.done(flat(large, 7))).toMatchObject({ width: 256, height: 128 });
  expect(preview.whole).toMatchObject({ width: 512, height: 256 });
  expect(at(preview.whole, 511, 255)).toBe(7);
});

it('keeps little of each of many frames', () => {
  const long = { width: 4096, height: 8 };
  const cover = { ...long, data: new Uint8Array(long.width * long.height).fill(255) };
  const preview = new AreaPreview({ image: flat(long, 0), cover }, { ...PLAN, frame: { width: 8, height: 8 } });
  const { width, height } = preview.done(flat(long, 7));
  expect(preview.frames).toBeGreaterThan(500);
  expect(width * height * 3 * preview.frames).toBeLessThan(8 * 2 ** 20);
});
