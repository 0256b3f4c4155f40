import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMask, readSource } from './source-picture.ts';

let folder: string;
const file = (name: string) => join(folder, name);
const raw = (width: number, height: number, channels: 1 | 3 | 4, ...data: number[]) =>
  sharp(Buffer.from(data), { raw: { width, height, channels } });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-source-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a picture', () => {
  it('is opaque colours, on white where it is not', async () => {
    await raw(2, 1, 4, 10, 20, 30, 255, 0, 0, 0, 51).png().toFile(file('alpha.png'));
    const { image, missing, record, notes } = await readSource(file('alpha.png'));
    expect([...image.data]).toEqual([10, 20, 30, 204, 204, 204]);
    expect([...(missing?.data ?? [])]).toEqual([0, 204]);
    expect({ record, notes }).toEqual({ record: undefined, notes: [] });
  });

  it('may have 16 bits, grey, one pixel, or be a JPEG', async () => {
    await raw(1, 1, 3, 9, 8, 7).toColourspace('rgb16').png().toFile(file('deep.png'));
    const deep = await readSource(file('deep.png'));
    expect([...deep.image.data]).toEqual([9, 8, 7]);
    expect(deep.notes).toEqual([expect.stringContaining('16 bits')]);
    await raw(1, 1, 1, 70).toColourspace('b-w').png().toFile(file('grey.png'));
    expect([...(await readSource(file('grey.png'))).image.data]).toEqual([70, 70, 70]);
    await raw(1, 1, 3, 200, 200, 200).jpeg().toFile(file('one.jpg'));
    expect((await readSource(file('one.jpg'))).image).toMatchObject({ width: 1, height: 1 });
  });

  it('is refused when it is none, is not there, or is too large', async () => {
    await writeFile(file('words.png'), 'no picture');
    await expect(readSource(file('words.png'))).rejects.toMatchObject({ code: 'corrupt-input' });
    await expect(readSource(file('nothing.png'))).rejects.toMatchObject({ code: 'missing-file' });
    await sharp({ create: { width: 8193, height: 1, channels: 3, background: '#000' } })
      .png()
      .toFile(file('long.png'));
    await expect(readSource(file('long.png'))).rejects.toThrow('more than 8192 a side');
  });
});

describe('a mask', () => {
  it('covers where it is white, and hardly where it nearly is not', async () => {
    await raw(4, 1, 3, 255, 255, 255, 3, 3, 3, 0, 0, 0, 128, 128, 128).png().toFile(file('mask.png'));
    expect((await readMask(file('mask.png'), { width: 4, height: 1 })).mask.data).toEqual(
      Uint8Array.of(255, 0, 0, 128),
    );
  });

  it('covers where it is opaque, when it is transparent in part', async () => {
    await raw(2, 1, 4, 0, 0, 0, 255, 255, 255, 255, 0).png().toFile(file('layer.png'));
    expect((await readMask(file('layer.png'), { width: 2, height: 1 })).mask.data).toEqual(Uint8Array.of(255, 0));
  });

  it('is brought to the picture’s size, with a note, and refused in another shape', async () => {
    await raw(2, 1, 1, 255, 0).png().toFile(file('small.png'));
    const { mask, notes } = await readMask(file('small.png'), { width: 8, height: 4 });
    expect(mask).toMatchObject({ width: 8, height: 4 });
    expect(notes).toEqual([expect.stringContaining('from 2×1')]);
    await expect(readMask(file('small.png'), { width: 4, height: 4 })).rejects.toThrow('different shapes');
  });
});
