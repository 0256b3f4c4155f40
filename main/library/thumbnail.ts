/**
 * Small pictures for the gallery.
 */
import type { Sharp } from 'sharp';
import { StudioError } from '../../app/base/errors.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';

/** Longer side, in pixels. */
const MAX_SIDE = 256;

/** @returns a PNG */
export async function thumbnailOfImage({ width, height, data }: RgbImage): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  return encode(sharp(data, { raw: { width, height, channels: 3 } }));
}

/** @returns a PNG. Throws `corrupt-input` when the file is damaged. */
export async function thumbnailOfFile(file: Uint8Array): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  try {
    return await encode(sharp(file));
  } catch (cause) {
    throw new StudioError('corrupt-input', 'The picture is damaged.', {
      hint: 'Remove it from the library, or put back the file that Underpaint wrote.',
      cause,
    });
  }
}

function encode(image: Sharp): Promise<Uint8Array> {
  return image.resize(MAX_SIDE, MAX_SIDE, { fit: 'inside', withoutEnlargement: true }).png().toBuffer();
}
