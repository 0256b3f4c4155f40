/**
 * The files of the library: `pictures/<yyyy-mm>/<id>.png` inside its folder.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StudioError } from '../../app/base/errors.ts';
import type { Parser } from '../../app/contracts/parse.ts';
import type { PictureEntry } from '../../app/library/picture-entry.ts';
import type { PictureRecord } from '../jobs/picture-record.ts';
import { readPngRecord } from '../jobs/png.ts';

export const PICTURES = 'pictures';
const MONTH = /^\d{4}-\d{2}$/;
const FILE = /^pictures\/\d{4}-\d{2}\/[0-9a-zA-Z_-]{1,64}\.png$/;
const PICTURE = /^([0-9a-zA-Z_-]{1,64})\.png$/;
/** Larger files are no pictures of ours. */
const MAX_FILE_BYTES = 512 * 2 ** 20;
/** Largest side of a picture, in pixels. */
const MAX_SIDE = 16_384;

export interface PictureFile {
  readonly id: string;
  /** Path inside the library, with forward slashes. */
  readonly file: string;
}

/** @param createdAt milliseconds since 1970; the month is that of UTC */
export function pictureFile(id: string, createdAt: number): string {
  return `${PICTURES}/${new Date(createdAt).toISOString().slice(0, 7)}/${id}.png`;
}

/** Lets through nothing that leads out of the library. Throws `bad-request`. */
export const parsePictureFile: Parser<string> = (value, place) => {
  if (typeof value === 'string' && FILE.test(value)) return value;
  throw new StudioError('bad-request', `${place} is no picture of the library.`);
};

/** Everything in the library that is named like a picture. */
export function findPictureFiles(folder: string): PictureFile[] {
  const months = readdirSync(join(folder, PICTURES)).filter((name) => MONTH.test(name));
  return months.flatMap((month) => {
    const names = readdirSync(join(folder, PICTURES, month)).map((name) => PICTURE.exec(name)?.[1]);
    return names.flatMap((id) => (id === undefined ? [] : [{ id, file: `${PICTURES}/${month}/${id}.png` }]));
  });
}

/** What a picture's file tells, its time of change as the time of making; undefined for a file that is not ours. */
export function readPictureFile(folder: string, { id, file }: PictureFile): PictureEntry | undefined {
  try {
    const path = join(folder, file);
    const { size, mtimeMs } = statSync(path);
    if (size > MAX_FILE_BYTES) return undefined;
    const png = readFileSync(path);
    const entry = describePicture(readPngRecord(png), readSize(png));
    return { id, createdAt: Math.floor(mtimeMs), ...entry };
  } catch {
    // Gone meanwhile, unreadable, or made by another program: it is left alone.
    return undefined;
  }
}

/** A new entry's part that comes from the record. */
export function describePicture(
  { model, request }: PictureRecord,
  { width, height }: { readonly width: number; readonly height: number },
): Omit<PictureEntry, 'id' | 'createdAt'> {
  const { prompt, seed } = request;
  const labelName = request.labelName ?? prompt ?? null;
  return { model: { id: model.id, name: model.name }, labelName, seed, width, height, starred: false, board: null };
}

/** From the PNG's header, whose place is fixed. */
function readSize(png: Buffer): { width: number; height: number } {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  if (Math.min(width, height) > 0 && Math.max(width, height) <= MAX_SIDE) return { width, height };
  throw new RangeError(`A picture of ${width}×${height} is not ours.`);
}
