import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it, onTestFinished } from 'vitest';
import { readControlFile, readRecordedControl, recordControl } from './control-maps.ts';

async function fileWith(bytes: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'underpaint-map-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'map.png');
  await writeFile(path, bytes);
  return path;
}

it('reads grey maps of 16 bits as colours of 8', async () => {
  const grey = Uint16Array.of(0, 0x8080, 0xffff, 0x4040);
  const png = await sharp(grey, { raw: { width: 4, height: 1, channels: 1 } })
    .toColorspace('grey16')
    .png()
    .toBuffer();
  const { width, height, data } = await readControlFile(await fileWith(png));
  expect([width, height]).toEqual([4, 1]);
  expect(Array.from(data)).toEqual([0, 0, 0, 128, 128, 128, 255, 255, 255, 64, 64, 64]);
});

it('makes black of what is transparent', async () => {
  const pixels = Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 0);
  const png = await sharp(pixels, { raw: { width: 2, height: 1, channels: 4 } })
    .png()
    .toBuffer();
  expect(Array.from((await readControlFile(await fileWith(png))).data)).toEqual([255, 255, 255, 0, 0, 0]);
});

it('says what is wrong with a file', async () => {
  await expect(readControlFile('/nowhere/map.png')).rejects.toMatchObject({ code: 'missing-file' });
  await expect(readControlFile(await fileWith(Uint8Array.of(1, 2, 3)))).rejects.toMatchObject({
    code: 'corrupt-input',
  });
});

it('finds a map in a record as it was', async () => {
  const data = Uint8Array.from({ length: 5 * 3 * 3 }, (_, i) => i * 5);
  const control = { kind: 'depth', image: { width: 5, height: 3, data } } as const;
  expect(await readRecordedControl(JSON.parse(JSON.stringify(await recordControl(control))))).toEqual(control);
});
