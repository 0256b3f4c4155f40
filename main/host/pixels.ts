/**
 * The pixels of image files of every kind.
 */
import { readFile, stat } from 'node:fs/promises';
import { StudioError } from '../../app/base/errors.ts';
import type { RgbaImage } from '../../app/imaging/rgba.ts';

/** Pixels of a picture that is read: 16,384 × 8,192. */
const MAX_PIXELS = 2 ** 27;
/** As many bytes as so many pixels take when they are not packed at all. */
const MAX_FILE_BYTES = MAX_PIXELS * 4;

/** Throws `corrupt-input` for bytes that are no image or too large a one. */
export async function readPixels(bytes: Uint8Array): Promise<RgbaImage> {
  const { default: sharp } = await import('sharp');
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: MAX_PIXELS })
      .autoOrient()
      .toColorspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const pixels = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return { width: info.width, height: info.height, data: pixels };
  } catch (cause) {
    throw new StudioError('corrupt-input', 'This file is no picture that Underpaint can read.', {
      hint: 'PNG, JPEG, WebP and AVIF pictures of up to 128 megapixels can be opened.',
      cause,
    });
  }
}

/** Throws `missing-file` when it is not there, `corrupt-input` when it is too large for a picture. */
export async function readFileBytes(path: string): Promise<Uint8Array> {
  const { size } = await stat(path).catch((cause: unknown) => {
    throw new StudioError('missing-file', `There is no picture: ${path}`, { cause });
  });
  if (size > MAX_FILE_BYTES) throw new StudioError('corrupt-input', `This file is too large for a picture: ${path}`);
  return readFile(path);
}
