/**
 * Control maps on the command line, with small random weights of ControlAR.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { controlFromPicture } from '../../app/imaging/control-from-picture.ts';
import { randomBytes } from '../../app/imaging/testing/random-bytes.ts';
import { readPixels } from '../host/pixels.ts';
import { readRecordedControl } from '../jobs/control-maps.ts';
import { readPngRecord } from '../jobs/png.ts';
import { runUnderpaint } from './testing/run-underpaint.ts';

const golden = (path: string) => fileURLToPath(new URL(`../../test/golden/${path}`, import.meta.url));
/** Follows canny maps of any size. */
const FILES = ['controlar-mr/canny_MR.safetensors', 'vq16/checkpoint.pt', 't5/text-encoder.safetensors'].map(golden);
const PAINT = ['generate', '--model', 'edges', '--prompt', 'a house', '--seed', '5', '--provider', 'cpu'];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-control-'));
  const { code, stderr } = await runUnderpaint(folder, 'models', 'import', ...FILES, '--id', 'edges');
  expect(stderr).not.toContain('Error');
  expect(code).toBe(0);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, width: number, height: number, channels: 3 | 4): Promise<string> {
  const path = join(folder, name);
  const raw = { width, height, channels };
  await sharp(randomBytes(width * height * channels, 7), { raw })
    .blur(1)
    .png()
    .toFile(path);
  return path;
}

const recordOf = async (name: string) => readPngRecord(await readFile(join(folder, name)));

it('makes the map of a picture, and keeps it: the picture can be made again', async () => {
  const photo = await write('photo.png', 40, 24, 3);
  const made = await runUnderpaint(
    folder,
    ...[...PAINT, '--control-from', photo, '--low', '40', '--high', '90', '--out', 'made.png'],
  );
  expect(made).toMatchObject({ code: 0 });
  const { request } = await recordOf('made.png');
  const control = request.control && (await readRecordedControl(request.control));
  const image = await readPixels(await readFile(photo));
  const settings = { low: 40, high: 90 };
  expect(control).toEqual(controlFromPicture(image, { preprocessor: 'canny', settings, width: 40, height: 24 }));
  expect(control?.image.data.some((value) => value === 255)).toBe(true);
  expect(await runUnderpaint(folder, 'generate', '--from', 'made.png', '--out', 'again.png')).toMatchObject({
    code: 0,
  });
  expect(await readFile(join(folder, 'again.png'))).toEqual(await readFile(join(folder, 'made.png')));
});

it('paints over odd maps: one pixel, transparent noise, 16 bits', async () => {
  const tiny = await write('tiny.png', 1, 1, 3);
  const clear = await write('clear.png', 17, 33, 4);
  const deep = join(folder, 'deep.png');
  const grey = Uint16Array.from({ length: 16 * 16 }, (_, i) => (i % 16 < 8 ? 0 : 0xffff));
  await sharp(grey, { raw: { width: 16, height: 16, channels: 1 } })
    .toColorspace('grey16')
    .png()
    .toFile(deep);
  for (const [path, width, height] of [
    [tiny, 16, 16],
    [clear, 32, 48],
    [deep, 16, 16],
  ] as const) {
    expect(await runUnderpaint(folder, ...PAINT, '--control', path, '--out', 'odd.png')).toMatchObject({ code: 0 });
    expect(await sharp(join(folder, 'odd.png')).metadata()).toMatchObject({ width, height });
  }
});

it('says what is wrong', async () => {
  const photo = await write('other.png', 16, 16, 3);
  const refused = async (...flags: string[]) => {
    const { code, stderr } = await runUnderpaint(folder, ...PAINT, ...flags, '--out', 'refused.png');
    expect(code).not.toBe(0);
    return stderr;
  };
  expect(await refused('--control', photo, '--control-from', photo)).toContain('Leave out one of the two');
  expect(await refused('--low', '10')).toContain('--control-from');
  expect(await refused('--control-from', photo, '--preprocess', 'lineart')).toContain('It follows: canny');
  expect(await refused('--control-from', photo, '--softness', '2')).toContain('no setting "softness"');
  expect(await refused('--control-from', FILES[0] as string)).toContain('no picture that Underpaint can read');
  expect(await refused()).toContain('over a control map');
});
