/**
 * Pictures as files of every format, with their record.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { OutputOptions } from '../../app/batch/batch-options.ts';
import type { PictureRecord } from './picture-record.ts';
import { encodePlainPng, encodePng, readPngRecord } from './png.ts';
import type { Picture } from './write-picture.ts';
import { readXmp, writeXmp } from './xmp-record.ts';

export interface EncodedPicture {
  readonly bytes: Buffer;
  /** Whether the file says how it was made. */
  readonly hasRecord: boolean;
}

/** A JPEG's segment has 65,535 bytes, some of which are its own. */
const MAX_JPEG_XMP = 65_000;

/** The same picture and record make the same bytes. A JPEG whose record is too long for it goes without. */
export async function encodePicture(
  picture: Picture,
  { format, quality }: Pick<OutputOptions, 'format' | 'quality'>,
  withRecord: boolean,
): Promise<EncodedPicture> {
  if (format === 'png') {
    const bytes = withRecord ? await encodePng(picture.image, picture.record) : await encodePlainPng(picture.image);
    return { bytes, hasRecord: withRecord };
  }
  const { default: sharp } = await import('sharp');
  const { width, height, data } = picture.image;
  const xmp = withRecord ? writeXmp(picture.record) : '';
  const hasRecord = withRecord && (format !== 'jpeg' || Buffer.byteLength(xmp) <= MAX_JPEG_XMP);
  const plain = sharp(data, { raw: { width, height, channels: 3 } });
  const image = hasRecord ? plain.withXmp(xmp) : plain;
  const options = format === 'tiff' ? ({ compression: 'deflate', predictor: 'horizontal' } as const) : { quality };
  return { bytes: await image.toFormat(format, options).toBuffer(), hasRecord };
}

/** Throws `corrupt-input` for a file that is no picture, is damaged, or does not say how it was made. */
export async function readPictureRecord(bytes: Uint8Array): Promise<PictureRecord> {
  const { default: sharp } = await import('sharp');
  const { format, xmpAsString } = await sharp(bytes)
    .metadata()
    .catch((cause: unknown) => {
      throw new StudioError('corrupt-input', 'This is not a picture that Underpaint can read.', {
        hint: 'Give a picture that Underpaint wrote.',
        cause,
      });
    });
  return format === 'png' ? readPngRecord(bytes) : readXmp(xmpAsString ?? '');
}
