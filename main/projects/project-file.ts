/**
 * A painting as a file, `.underpaint`: a zip of its document and a PNG for each layer.
 *
 *   mimetype | document.json | layers/<id>.png … | extras.json
 */
import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StudioError } from '../../app/base/errors.ts';
import { fields, finite, type Parser, record } from '../../app/contracts/parse.ts';
import { type Layer, MAX_LAYERS, type PaintingDocument, TILE_SIDE } from '../../app/document/document.ts';
import { parseDocument } from '../../app/document/parse-document.ts';
import { writeError } from '../files/atomic-write.ts';
import { decodeLayer, encodeLayer } from './layer-image.ts';
import { type ArchiveEntry, readArchive, refused, writeArchive } from './zip-archive.ts';

const MIME_TYPE = 'application/x-underpaint';
const DOCUMENT = 'document.json';
const EXTRAS = 'extras.json';
const LAYER_NAME = /^layers\/[0-9a-zA-Z_-]{1,64}\.png$/;
const MEGABYTE = 2 ** 20;

const LIMITS = {
  entries: MAX_LAYERS + 8,
  entryBytes: 512 * MEGABYTE,
  totalBytes: 2048 * MEGABYTE,
  isName: (name: string) => name === 'mimetype' || name === DOCUMENT || name === EXTRAS || LAYER_NAME.test(name),
};
const MAX_JSON_BYTES = 64 * MEGABYTE;

export interface Project {
  readonly document: PaintingDocument;
  /** Packed pixels of a tile. */
  readonly tile: (id: string) => Promise<Uint8Array>;
  /** What is kept beside the document, as text. */
  readonly extras: string;
}

export interface LoadedProject {
  readonly document: PaintingDocument;
  /** Packed pixels by tile id. */
  readonly tiles: ReadonlyMap<string, Uint8Array>;
  readonly extras: string;
}

/** Replaces the file, or leaves it as it was and throws `unwritable` or `disk-full`. */
export async function writeProject(path: string, { document, tile, extras }: Project): Promise<void> {
  const images: ArchiveEntry[] = [];
  const places: Record<string, Place> = {};
  for (const layer of document.layers) {
    const image = await encodeLayer(layer.tiles, tile);
    if (!image) continue;
    images.push({ name: layerName(layer), bytes: image.png, compress: false });
    places[layer.id] = { x: image.x, y: image.y };
  }
  const withoutTiles = { ...document, layers: document.layers.map((layer) => ({ ...layer, tiles: {} })) };
  const text = (value: string) => new TextEncoder().encode(value);
  await replaceWithArchive(path, [
    { name: 'mimetype', bytes: text(MIME_TYPE), compress: false },
    { name: DOCUMENT, bytes: text(JSON.stringify({ document: withoutTiles, places })), compress: true },
    ...images,
    { name: EXTRAS, bytes: text(extras), compress: true },
  ]);
}

/** Throws `missing-file`, or `corrupt-input` for a file that is damaged, hostile or of a newer Underpaint. */
export async function readProject(path: string): Promise<LoadedProject> {
  const contents = await readArchive(path, LIMITS);
  const { document, places } = parseContents(jsonOf(contents, DOCUMENT));
  const room = { width: wholeTiles(document.width), height: wholeTiles(document.height) };
  const tiles = new Map<string, Uint8Array>();
  const layers: Layer[] = [];
  for (const layer of document.layers) {
    const place = places[layer.id];
    const png = contents.get(layerName(layer));
    if (place && !png) throw refused(`The picture of the layer “${layer.name}” is missing.`);
    if (!place || !png) {
      layers.push(layer);
      continue;
    }
    const { map, packed } = await decodeLayer({ png, ...place }, room);
    for (const [id, bytes] of packed) tiles.set(id, bytes);
    layers.push({ ...layer, tiles: map });
  }
  const extras = contents.get(EXTRAS);
  return { document: { ...document, layers }, tiles, extras: extras ? new TextDecoder().decode(extras) : '' };
}

interface Place {
  readonly x: number;
  readonly y: number;
}

const parsePlaces: Parser<Record<string, Place>> = record(fields<Place>({ x: finite, y: finite }));

function parseContents(json: unknown): { document: PaintingDocument; places: Record<string, Place> } {
  try {
    const { document, places } = json as { document: unknown; places: unknown };
    return { document: parseDocument(document, 'document'), places: parsePlaces(places, 'places') };
  } catch (error) {
    const { message, hint } = error as StudioError;
    throw new StudioError('corrupt-input', `The project cannot be opened. ${message}`, {
      hint: hint ?? 'Open an earlier copy of it.',
      cause: error,
    });
  }
}

function jsonOf(contents: ReadonlyMap<string, Uint8Array>, name: string): unknown {
  const bytes = contents.get(name);
  if (!bytes) throw refused(`${name} is missing.`);
  if (bytes.length > MAX_JSON_BYTES) throw refused(`${name} is too large.`);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw refused(`${name} is damaged.`, cause);
  }
}

function layerName({ id }: Layer): string {
  return `layers/${id}.png`;
}

function wholeTiles(side: number): number {
  return Math.ceil(side / TILE_SIDE) * TILE_SIDE;
}

/** As `writeFileAtomic`, for a file that is written as a stream. */
async function replaceWithArchive(path: string, entries: readonly ArchiveEntry[]): Promise<void> {
  const temporary = join(dirname(path), `.${randomUUID()}.partial`);
  try {
    await writeArchive(temporary, entries);
    const file = await open(temporary, 'r+');
    await file.sync().finally(() => file.close());
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw writeError(path, error);
  }
}
