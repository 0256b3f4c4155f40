/**
 * Image files of every kind, read and written.
 */
import { readFile, stat } from 'node:fs/promises';
import { StudioError } from '../../app/base/errors.ts';
import type { ExportFormat, Making, OpenedPicture } from '../../app/contracts/studio-api.ts';
import type { RgbaImage } from '../../app/imaging/rgba.ts';
import { unpackTokens } from '../jobs/packed-tokens.ts';
import { readPictureRecord } from '../jobs/picture-file.ts';

/** Pixels of a picture that is read: 16,384 × 8,192. */
const MAX_PIXELS = 2 ** 27;
/** As many bytes as so many pixels take when they are not packed at all. */
const MAX_FILE_BYTES = MAX_PIXELS * 4;

/** Throws `corrupt-input` for bytes that are no image or too large a one. */
export async function readImage(bytes: Uint8Array): Promise<OpenedPicture> {
  const { default: sharp } = await import('sharp');
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: MAX_PIXELS })
      .autoOrient()
      .toColorspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const pixels = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return { image: { width: info.width, height: info.height, data: pixels }, making: await readMaking(bytes) };
  } catch (cause) {
    throw new StudioError('corrupt-input', 'This file is no picture that Underpaint can read.', {
      hint: 'PNG, JPEG, WebP and AVIF pictures of up to 128 megapixels can be opened.',
      cause,
    });
  }
}

/** Throws `corrupt-input` for a file that is no image or too large a one, and `missing-file` when it is not there. */
export async function readImageFile(path: string): Promise<OpenedPicture> {
  const { size } = await stat(path).catch((cause: unknown) => {
    throw new StudioError('missing-file', `There is no picture: ${path}`, { cause });
  });
  if (size > MAX_FILE_BYTES) throw new StudioError('corrupt-input', `This file is too large for a picture: ${path}`);
  return readImage(await readFile(path));
}

/** How a picture was made; null for one that does not say, or that says it wrongly. */
async function readMaking(bytes: Uint8Array): Promise<Making | null> {
  try {
    const { model, request, area, tokens } = await readPictureRecord(bytes);
    const { label, labelName, prompt, seed, settings } = request;
    const asked = { model: model.id, label, prompt, seed, settings };
    return { request: asked, labelName, tokens: unpackTokens(tokens), plan: area };
  } catch {
    return null;
  }
}

/** @param quality 1 … 100, for the lossy formats */
export async function encodeImage(image: RgbaImage, format: ExportFormat, quality: number): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  const { width, height, data } = image;
  const picture = sharp(data, { raw: { width, height, channels: 4 } });
  const options = format === 'png' ? {} : { quality };
  const flat = format === 'jpeg' ? picture.flatten({ background: '#ffffff' }) : picture;
  return new Uint8Array(await flat.toFormat(format, options).toBuffer());
}
