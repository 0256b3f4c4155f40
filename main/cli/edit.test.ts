/**
 * `underpaint edit`, with a small VAREdit of random weights.
 */
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPngRecord } from '../jobs/png.ts';
import { runUnderpaint } from './testing/run-underpaint.ts';

const GOLDEN = join(import.meta.dirname, '../../test/golden');
const [WIDTH, HEIGHT] = [100, 80];
const INSIDE = { left: 60, top: 20, right: 90, bottom: 50 };
let folder: string;

const underpaint = (...args: string[]) => runUnderpaint(folder, ...args);
const pixels = (file: string) => sharp(join(folder, file)).removeAlpha().raw().toBuffer();
const isInside = (pixel: number) => {
  const [x, y] = [pixel % WIDTH, Math.floor(pixel / WIDTH)];
  return x >= INSIDE.left && x < INSIDE.right && y >= INSIDE.top && y < INSIDE.bottom;
};

async function draw(file: string, channels: 1 | 3, value: (pixel: number, channel: number) => number) {
  const data = Buffer.from(
    Array.from({ length: WIDTH * HEIGHT * channels }, (_, i) => value(Math.floor(i / channels), i % channels)),
  );
  await sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels } })
    .png()
    .toFile(join(folder, file));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-varedit-'));
  await draw('lake.png', 3, (pixel, channel) => (pixel * (channel + 2)) % 256);
  await draw('mask.png', 1, (pixel) => (isInside(pixel) ? 255 : 0));
  await draw('empty.png', 1, () => 0);
  await copyFile(join(GOLDEN, 'infinity/infinity_2b_reg.pth'), join(folder, '2B-512.pth'));
  const others = ['bsq-d32/checkpoint.pth', 't5/text-encoder-128.safetensors'].map((file) => join(GOLDEN, file));
  const { code, stderr } = await underpaint('models', 'import', '2B-512.pth', ...others);
  expect(code, stderr).toBe(0);
});
afterAll(() => rm(folder, { recursive: true }));

const EDIT = ['edit', '--image', 'lake.png', '--instruction', 'make it night', '--seed', '3', '--cfg', '1'];

it('changes a picture where the mask is white and nothing else, and tells how', async () => {
  const { code, stderr } = await underpaint(...EDIT, '--model', '2B-512', '--mask', 'mask.png', '--out', 'night.png');
  expect(code, stderr).toBe(0);
  const [before, after] = [await pixels('lake.png'), await pixels('night.png')];
  const changed = Array.from(before.keys()).filter((i) => before[i] !== after[i]);
  expect(changed.length).toBeGreaterThan(100);
  expect(changed.every((i) => isInside(Math.floor(i / 3)))).toBe(true);
  const { request, model } = readPngRecord(await readFile(join(folder, 'night.png'))) as NonNullable<
    ReturnType<typeof readPngRecord>
  >;
  expect(model).toMatchObject({ id: '2B-512', family: 'varedit' });
  expect(request).toMatchObject({ prompt: 'make it night', control: { kind: 'source' }, seed: 3 });
});

it.each([
  [[...EDIT, '--model', '2B-512', '--mask', 'empty.png'], 'The mask is empty'],
  [[...EDIT, '--feather', '4'], 'Add --mask sky.png'],
  [[...EDIT], 'does not change pictures by words'],
  [['edit', '--image', 'lake.png', '--instruction', ' '], 'say what is to change'],
  [['edit', '--image', 'none.png', '--instruction', 'night'], 'none.png'],
])('refuses %j', async (args, message) => {
  const { code, stderr } = await underpaint(...args, '--out', 'refused.png');
  expect(code).not.toBe(0);
  expect(stderr).toContain(message);
});
