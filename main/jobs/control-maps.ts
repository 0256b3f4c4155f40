/**
 * Control maps in files and in records.
 */
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import type { ControlMap } from '../../app/generation/request.ts';
import { overBlack } from '../../app/imaging/over-black.ts';
import { readFileBytes, readPixels } from '../host/pixels.ts';
import type { RecordedControl } from './picture-record.ts';
import { encodePlainPng } from './png.ts';

/** The map of an image file; what is transparent is black. Throws `missing-file` or `corrupt-input`. */
export async function readControlFile(path: string): Promise<RgbImage> {
  return overBlack(await readPixels(await readFileBytes(path)));
}

export async function recordControl({ kind, image }: ControlMap): Promise<RecordedControl> {
  return { kind, png: (await encodePlainPng(image)).toString('base64') };
}

/** Throws `corrupt-input` when the record holds no picture. */
export async function readRecordedControl({ kind, png }: RecordedControl): Promise<ControlMap> {
  return { kind, image: overBlack(await readPixels(Buffer.from(png, 'base64'))) };
}
