/**
 * Contact sheets and labelled grids of a batch.
 */
import { StudioError } from '../../app/base/errors.ts';
import { contactSheets, labelledGrids, type Sheet, type SheetPicture } from '../../app/batch/sheet-layout.ts';
import type { ResultStore } from './stores/result-store.ts';

export interface SheetOptions {
  /** Whether all pictures are put onto contact sheets. */
  readonly contact: boolean;
  /** Fields across and down of grids, if they are wanted. */
  readonly grid: readonly [across: string, down: string] | undefined;
}

/** Pixels of the longer side of a picture on a sheet; less where many stand side by side. */
const CELL = 256;
const MAX_SIDE = 8192;
const GAP = 8;
const TEXT = 15;
const LINE = 24;
const ROW_LABEL = 120;
const PAPER = '#16181d';
const INK = '#e8e8e8';
/** Width of a letter, as a share of its height, on average. */
const LETTER = 0.56;
const FOLDER = 'sheets';

/** Where everything on a sheet lies, in pixels. */
interface Place {
  readonly cell: { readonly width: number; readonly height: number };
  readonly left: number;
  readonly top: number;
  readonly caption: number;
  readonly rows: number;
}

/**
 * Makes the sheets of pictures that are there, as PNGs in the folder `sheets`.
 *
 * @returns names of the files
 * @throws StudioError bad-request when a grid's field is none of the pictures', unwritable
 */
export async function writeSheets(
  store: ResultStore,
  pictures: readonly SheetPicture[],
  { contact, grid }: SheetOptions,
): Promise<string[]> {
  const written: string[] = [];
  const write = async (sheets: readonly Sheet[], name: string) => {
    for (const [index, sheet] of sheets.entries()) {
      const file = `${FOLDER}/${name}${sheets.length > 1 ? `-${index + 1}` : ''}.png`;
      await store.write(file, await paintSheet(store, sheet));
      written.push(file);
    }
  };
  if (grid && pictures.length > 0) await write(labelledGrids(pictures, ...grid), 'grid');
  if (contact) await write(contactSheets(pictures), 'contact-sheet');
  return written;
}

/** Throws `bad-request` when grids cannot be made of the pictures of a batch, before any is made. */
export function checkSheets(pictures: readonly SheetPicture[], { grid }: SheetOptions): void {
  if (grid && pictures.length > 0) labelledGrids(pictures, ...grid);
}

async function paintSheet(store: ResultStore, sheet: Sheet): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  const place = await placeOf(store, sheet);
  const { cell, left, top, caption, rows } = place;
  const width = left + sheet.width * (cell.width + GAP) + GAP;
  const height = top + rows * (cell.height + caption + GAP) + GAP;
  const layers: { input: Buffer; left: number; top: number }[] = [];
  for (const [index, entry] of sheet.cells.entries()) {
    if (!entry) continue;
    const [x, y] = corner(place, index % sheet.width, Math.floor(index / sheet.width));
    const input = await sharp(await readPicture(store, entry.file))
      .resize({ ...cell, fit: 'contain', background: PAPER })
      .png({ compressionLevel: 1 })
      .toBuffer();
    layers.push({ input, left: x, top: y });
  }
  layers.push({ input: Buffer.from(paintWords(sheet, place, width, height)), left: 0, top: 0 });
  return sharp({ create: { width, height, channels: 3, background: PAPER } })
    .composite(layers)
    .png()
    .toBuffer();
}

async function placeOf(store: ResultStore, { cells, width, title, columns, rows: rowNames }: Sheet): Promise<Place> {
  const { default: sharp } = await import('sharp');
  const first = cells.find((entry) => entry !== undefined);
  const size = first ? await sharp(await readPicture(store, first.file)).metadata() : { width: CELL, height: CELL };
  const rows = Math.ceil(cells.length / width);
  const longest = Math.min(CELL, Math.floor(MAX_SIDE / Math.max(width, rows)));
  const factor = Math.min(1, longest / Math.max(size.width, size.height));
  return {
    cell: {
      width: Math.max(1, Math.round(size.width * factor)),
      height: Math.max(1, Math.round(size.height * factor)),
    },
    left: GAP + (rowNames.length > 0 ? ROW_LABEL : 0),
    top: GAP + (title ? LINE : 0) + (columns.length > 0 ? LINE : 0),
    caption: cells.some((entry) => entry?.caption) ? LINE : 0,
    rows,
  };
}

function corner({ cell, left, top, caption }: Place, column: number, row: number): readonly [number, number] {
  return [left + column * (cell.width + GAP), top + row * (cell.height + caption + GAP)];
}

async function readPicture(store: ResultStore, file: string): Promise<Uint8Array> {
  const bytes = await store.read(file);
  if (bytes) return bytes;
  throw new StudioError('missing-file', `The picture ${file} is not in ${store.place} any more.`);
}

/** All words of a sheet as one SVG over it. */
function paintWords(sheet: Sheet, place: Place, width: number, height: number): string {
  const { cell, left, top } = place;
  const words: string[] = [];
  const add = (text: string, x: number, y: number, room: number) => {
    if (text) words.push(`<text x="${x}" y="${y}">${escapeXml(shorten(text, room))}</text>`);
  };
  add(sheet.title, left, GAP + TEXT, width - left - GAP);
  for (const [at, text] of sheet.columns.entries()) add(text, corner(place, at, 0)[0], top - GAP, cell.width);
  for (const [at, text] of sheet.rows.entries()) {
    add(text, GAP, corner(place, 0, at)[1] + (cell.height + TEXT) / 2, ROW_LABEL - GAP);
  }
  for (const [index, entry] of sheet.cells.entries()) {
    if (!entry) continue;
    const [x, y] = corner(place, index % sheet.width, Math.floor(index / sheet.width));
    add(entry.caption, x, y + cell.height + TEXT + 2, cell.width);
  }
  const style = `font-family="sans-serif" font-size="${TEXT}" fill="${INK}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><g ${style}>${words.join('')}</g></svg>`;
}

function shorten(text: string, room: number): string {
  const letters = Math.max(1, Math.floor(room / (TEXT * LETTER)));
  return text.length <= letters ? text : `${text.slice(0, Math.max(1, letters - 1))}…`;
}

function escapeXml(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (letter) => names[letter] as string);
}
