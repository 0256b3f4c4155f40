/**
 * Pictures that are edited from the command line, with the embedded model.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPngRecord } from '../jobs/png.ts';
import { runUnderpaint } from './testing/run-underpaint.ts';

let folder: string;
const underpaint = (...args: string[]) => runUnderpaint(folder, ...args);
const bytes = (file: string) => readFile(join(folder, file));
const pixels = (file: string) => sharp(join(folder, file)).removeAlpha().raw().toBuffer();

async function events(...args: string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await underpaint(...args, '--json');
  expect(code, stderr + stdout).toBe(0);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** A grey picture with a white rectangle. */
async function drawMask(file: string, width: number, height: number, inside: [number, number, number, number]) {
  const [left, top, right, bottom] = inside;
  const data = Buffer.from(
    Array.from({ length: width * height }, (_, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      return x >= left && x < right && y >= top && y < bottom ? 255 : 0;
    }),
  );
  await sharp(data, { raw: { width, height, channels: 1 } })
    .png()
    .toFile(join(folder, file));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-edit-'));
  await events('generate', '--label', 'alpine lake', '--seed', '3', '--out', 'lake.png');
  await drawMask('mask.png', 128, 128, [64, 40, 112, 96]);
  await drawMask('small-mask.png', 64, 64, [32, 20, 56, 48]);
  await drawMask('empty.png', 128, 128, [0, 0, 0, 0]);
  await drawMask('full.png', 128, 128, [0, 0, 128, 128]);
  await sharp(join(folder, 'lake.png')).resize(200, 150, { fit: 'fill' }).jpeg().toFile(join(folder, 'photo.jpg'));
  await drawMask('photo-mask.png', 200, 150, [120, 60, 160, 110]);
  await sharp(join(folder, 'lake.png')).toColourspace('rgb16').png().toFile(join(folder, 'deep.png'));
  await sharp(join(folder, 'lake.png'))
    .joinChannel(await sharp(join(folder, 'mask.png')).extractChannel(0).negate().raw().toBuffer(), {
      raw: { width: 128, height: 128, channels: 1 },
    })
    .png()
    .toFile(join(folder, 'cut.png'));
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

/** Fails unless the two differ, and only where the mask is white. */
async function expectOnlyMaskedChange(before: Buffer, after: Buffer, mask: string): Promise<void> {
  const cover = await sharp(join(folder, mask)).extractChannel(0).raw().toBuffer();
  expect(after.length).toBe(before.length);
  const changed = [...after.keys()].filter((i) => after[i] !== before[i]);
  expect(changed.length).toBeGreaterThan(1000);
  expect(changed.every((i) => (cover[Math.floor(i / 3)] as number) > 0)).toBe(true);
}

describe('inpaint', () => {
  it('paints under the mask alone, and is made again or decoded from its file', async () => {
    const told = await events('inpaint', '--image', 'lake.png', '--mask', 'mask.png', '--seed', '5', '--out', 'in.png');
    expect(told[0]).toMatchObject({ type: 'start', labelName: 'alpine lake', steps: 10 });
    await expectOnlyMaskedChange(await pixels('lake.png'), await pixels('in.png'), 'mask.png');
    expect(readPngRecord(await bytes('in.png')).area).toMatchObject({ way: 'seamless', keepSteps: 0 });
    await events('generate', '--from', 'in.png', '--out', 'again.png');
    expect((await bytes('again.png')).equals(await bytes('in.png'))).toBe(true);
    await events('generate', '--from', 'in.png', '--decode-only', '--out', 'decoded.png');
    expect((await bytes('decoded.png')).equals(await bytes('in.png'))).toBe(true);
  });

  it('works at the size of the picture, in frames', async () => {
    const args = ['--image', 'photo.jpg', '--mask', 'photo-mask.png', '--label', 'harbour', '--out', 'photo.png'];
    expect((await events('inpaint', ...args)).at(-1)).toMatchObject({ width: 200, height: 150 });
    await expectOnlyMaskedChange(await pixels('photo.jpg'), await pixels('photo.png'), 'photo-mask.png');
  });

  it('takes what is transparent for the mask, and says what it does with odd files', async () => {
    await events('inpaint', '--image', 'cut.png', '--label', 'alpine lake', '--out', 'whole.png');
    await expectOnlyMaskedChange(await pixels('lake.png'), await pixels('whole.png'), 'mask.png');
    const args = ['--image', 'deep.png', '--mask', 'small-mask.png', '--out', 'noted.png'];
    const notes = (await events('inpaint', ...args)).flatMap(({ type, message }) =>
      type === 'warning' ? [message] : [],
    );
    expect(notes).toEqual([expect.stringContaining('16 bits'), expect.stringContaining('from 64×64')]);
  });

  it('edits as the authors do when it is asked to', async () => {
    const args = ['--image', 'lake.png', '--mask', 'mask.png', '--way', 'authors', '--seed', '2'];
    const [start] = await events('inpaint', ...args, '--out', 'authors.png');
    expect(start).toMatchObject({ label: null, settings: { cfg: 3, top_k: 900, top_p: 0.95, more_smooth: true } });
    await events('generate', '--from', 'authors.png', '--decode-only', '--out', 'authors-again.png');
    expect(readPngRecord(await bytes('authors-again.png'))).toEqual(readPngRecord(await bytes('authors.png')));
  });
});

describe('edit-class', () => {
  it('makes a part something else', async () => {
    const args = ['--image', 'lake.png', '--mask', 'mask.png', '--label', 'desert', '--keep-scales', '2'];
    await events('edit-class', ...args, '--feather', '4', '--out', 'desert.png');
    await expectOnlyMaskedChange(await pixels('lake.png'), await pixels('desert.png'), 'mask.png');
  });
});

describe('vary', () => {
  it('keeps the first scales of a picture’s own tokens', async () => {
    await events(
      'vary',
      '--from',
      'lake.png',
      '--keep-scales',
      '5',
      '--count',
      '2',
      '--seed',
      '8',
      '--out',
      'v-{n}.png',
    );
    const [lake, one, two] = await Promise.all(
      ['lake.png', 'v-1.png', 'v-2.png'].map(async (file) => readPngRecord(await bytes(file))),
    );
    const first = (record: typeof lake) => Buffer.from(record?.tokens.data ?? '', 'base64').subarray(0, (55 * 11) >> 3);
    expect(first(one).equals(first(lake))).toBe(true);
    expect(first(two).equals(first(lake))).toBe(true);
    expect(new Set([lake?.tokens.data, one?.tokens.data, two?.tokens.data]).size).toBe(3);
    expect(one?.request.labelName).toBe('alpine lake');
    await events('generate', '--from', 'v-2.png', '--out', 'v-again.png');
    expect((await bytes('v-again.png')).equals(await bytes('v-2.png'))).toBe(true);
  });

  it('encodes other pictures, at their own size', async () => {
    const args = ['--keep-scales', '7', '--label', 'alpine lake'];
    expect((await events('vary', '--from', 'photo.jpg', ...args, '--out', 'v-photo.png')).at(-1)).toMatchObject({
      width: 200,
      height: 150,
    });
  });
});

describe('any size', () => {
  it('goes on beyond the edges, and leaves the picture to the bit', async () => {
    await events(
      'outpaint',
      '--image',
      'lake.png',
      '--left',
      '20',
      '--bottom',
      '30',
      '--seed',
      '1',
      '--out',
      'out.png',
    );
    const part = await sharp(join(folder, 'out.png'))
      .extract({ left: 20, top: 0, width: 128, height: 128 })
      .removeAlpha()
      .raw()
      .toBuffer();
    expect(part.equals(await pixels('lake.png'))).toBe(true);
    expect(await sharp(join(folder, 'out.png')).metadata()).toMatchObject({ width: 148, height: 158 });
  });

  it('generates', async () => {
    const args = ['--label', 'desert', '--size', '200x128', '--detail', '96', '--seed', '4'];
    const told = await events('generate', ...args, '--out', 'desert-wide.png');
    expect(told.at(-1)).toMatchObject({ width: 200, height: 128 });
    expect(Number(told[0]?.steps)).toBeGreaterThan(20);
  });
});

describe('what cannot be painted', () => {
  const IN = ['inpaint', '--image', 'lake.png', '--mask'];
  it.each([
    [[...IN, 'empty.png'], 2, 'The mask is empty'],
    [[...IN, 'full.png'], 2, 'covers everything'],
    [['inpaint', '--image', 'lake.png'], 2, 'Say with --mask'],
    [['edit-class', '--image', 'lake.png', '--mask', 'mask.png'], 2, "'--label <name|index>' not specified"],
    [['outpaint', '--image', 'lake.png', '--size', '256x128', '--left', '9'], 2, 'Leave out one'],
    [['vary', '--from', 'lake.png', '--keep-scales', '10'], 2, 'must be below 10'],
    [['generate', '--label', 'desert', '--frame', '64'], 2, 'Add --size'],
    [['generate', '--from', 'lake.png', '--size', '256x256'], 2, 'underpaint outpaint'],
  ])('%j ends with %i', async (args, code, message) => {
    const ended = await underpaint(...args);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toContain(message);
  });
});
