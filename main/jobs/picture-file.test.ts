import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { PICTURE_FORMATS } from '../../app/batch/batch-options.ts';
import { encodePicture, readPictureRecord } from './picture-file.ts';
import { SAMPLE_RECORD } from './testing/sample-record.ts';

const image = {
  width: 32,
  height: 16,
  data: Uint8Array.from({ length: 32 * 16 * 3 }, (_, at) => (at * 7) % 256),
};
const record = { ...SAMPLE_RECORD, model: { ...SAMPLE_RECORD.model, name: 'A <model> & "its" name, höher' } };

describe.each(PICTURE_FORMATS)('%s', (format) => {
  it('says how it was made, and is the same every time', async () => {
    const first = await encodePicture({ image, record }, { format, quality: 80 }, true);
    expect(first.hasRecord).toBe(true);
    expect(await readPictureRecord(first.bytes)).toEqual(record);
    expect((await encodePicture({ image, record }, { format, quality: 80 }, true)).bytes).toEqual(first.bytes);
    const { width, height, format: kind } = await sharp(first.bytes).metadata();
    expect({ width, height, kind }).toEqual({ width: 32, height: 16, kind: format === 'avif' ? 'heif' : format });
  });

  it('says nothing when it is not to', async () => {
    const { bytes } = await encodePicture({ image, record }, { format, quality: 80 }, false);
    await expect(readPictureRecord(bytes)).rejects.toMatchObject({ code: 'corrupt-input' });
  });
});

it.each(['png', 'tiff'] as const)('%s keeps every pixel', async (format) => {
  const { bytes } = await encodePicture({ image, record }, { format, quality: 1 }, true);
  expect(new Uint8Array(await sharp(bytes).raw().toBuffer())).toEqual(image.data);
});

it('leaves a record out of a JPEG that is too long for it', async () => {
  const long = { ...record, app: 'x'.repeat(70_000) };
  const { bytes, hasRecord } = await encodePicture({ image, record: long }, { format: 'jpeg', quality: 80 }, true);
  expect(hasRecord).toBe(false);
  expect((await sharp(bytes).metadata()).width).toBe(32);
});

it('refuses what is no picture', async () => {
  await expect(readPictureRecord(Buffer.from('no picture'))).rejects.toMatchObject({ code: 'corrupt-input' });
});
