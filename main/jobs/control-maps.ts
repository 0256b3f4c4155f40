/**
 * Control maps in files and in records.
 */
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import type { ControlMap, ModelDescription } from '../../app/generation/request.ts';
import { controlFromPicture, type MapMaking } from '../../app/imaging/control-from-picture.ts';
import { overBlack } from '../../app/imaging/over-black.ts';
import { readFileBytes, readPixels } from '../host/pixels.ts';
import type { RecordedControl } from './picture-record.ts';
import { encodePlainPng } from './png.ts';

/** The map of an image file; what is transparent is black. Throws `missing-file` or `corrupt-input`. */
export async function readControlFile(path: string): Promise<RgbImage> {
  return overBlack(await readPixels(await readFileBytes(path)));
}

/**
 * A map that is made of an image file, in the size of the model's pictures; models for any size take the file's own.
 *
 * @throws StudioError missing-file, corrupt-input, or bad-request as `preprocess`
 */
export async function makeControl(
  path: string,
  how: Pick<MapMaking, 'preprocessor' | 'settings'>,
  { sizes, width, height }: Pick<ModelDescription, 'sizes' | 'width' | 'height'>,
): Promise<ControlMap> {
  const image = await readPixels(await readFileBytes(path));
  const size = sizes ? image : { width, height };
  return controlFromPicture(image, { ...how, width: size.width, height: size.height });
}

export async function recordControl({ kind, image }: ControlMap): Promise<RecordedControl> {
  return { kind, png: (await encodePlainPng(image)).toString('base64') };
}

/** Throws `corrupt-input` when the record holds no picture. */
export async function readRecordedControl({ kind, png }: RecordedControl): Promise<ControlMap> {
  return { kind, image: overBlack(await readPixels(Buffer.from(png, 'base64'))) };
}
