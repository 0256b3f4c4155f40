/**
 * Image files of every kind, read with what they say of themselves, and written.
 */
import type { ExportFormat, Making, OpenedPicture } from '../../app/contracts/studio-api.ts';
import type { RgbaImage } from '../../app/imaging/rgba.ts';
import { readRecordedControl } from '../jobs/control-maps.ts';
import { unpackTokens } from '../jobs/packed-tokens.ts';
import { readPictureRecord } from '../jobs/picture-file.ts';
import { readFileBytes, readPixels } from './pixels.ts';

/** Throws `corrupt-input` for bytes that are no image or too large a one. */
export async function readImage(bytes: Uint8Array): Promise<OpenedPicture> {
  return { image: await readPixels(bytes), making: await readMaking(bytes) };
}

/** Throws `corrupt-input` for a file that is no image or too large a one, and `missing-file` when it is not there. */
export async function readImageFile(path: string): Promise<OpenedPicture> {
  return readImage(await readFileBytes(path));
}

/** How a picture was made; null for one that does not say, or that says it wrongly. */
async function readMaking(bytes: Uint8Array): Promise<Making | null> {
  try {
    const { model, request, area, tokens } = await readPictureRecord(bytes);
    const { label, labelName, prompt, control, seed, settings } = request;
    const asked = { model: model.id, label, prompt, control: control && (await readRecordedControl(control)) };
    return { request: { ...asked, seed, settings }, labelName, tokens: unpackTokens(tokens), plan: area };
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
