/**
 * A layer's tiles as one PNG, and back.
 */
import { StudioError } from '../../app/base/errors.ts';
import { newId } from '../../app/base/ids.ts';
import { MAX_DOCUMENT_SIDE, type Rect, TILE_BYTES, TILE_SIDE, type TileMap } from '../../app/document/document.ts';
import { tileOrigin, tilesOf, unite } from '../../app/document/rects.ts';
import { packTile, unpackTile } from './tile-codec.ts';

/** Tiles may reach over the painting's edge by less than a tile. */
const MAX_PIXELS = (MAX_DOCUMENT_SIDE + TILE_SIDE) ** 2;
const ROW_BYTES = TILE_SIDE * 4;

export interface LayerImage {
  readonly png: Uint8Array;
  /** Place of its top left corner; a multiple of a tile's side. */
  readonly x: number;
  readonly y: number;
}

export interface LoadedTiles {
  readonly map: TileMap;
  readonly packed: ReadonlyMap<string, Uint8Array>;
}

/** Undefined for a layer without tiles. */
export async function encodeLayer(
  tiles: TileMap,
  packed: (id: string) => Promise<Uint8Array>,
): Promise<LayerImage | undefined> {
  const bounds = Object.keys(tiles)
    .map((key): Rect => ({ ...tileOrigin(key), width: TILE_SIDE, height: TILE_SIDE }))
    .reduce(unite, { x: 0, y: 0, width: 0, height: 0 });
  const { x, y, width, height } = bounds;
  if (width === 0) return undefined;
  const pixels = Buffer.alloc(width * height * 4);
  for (const [key, id] of Object.entries(tiles)) {
    const origin = tileOrigin(key);
    const tile = unpackTile(await packed(id));
    for (let row = 0; row < TILE_SIDE; row++) {
      const to = ((origin.y - y + row) * width + origin.x - x) * 4;
      pixels.set(tile.subarray(row * ROW_BYTES, (row + 1) * ROW_BYTES), to);
    }
  }
  const { default: sharp } = await import('sharp');
  const png = await sharp(pixels, { raw: { width, height, channels: 4 }, limitInputPixels: MAX_PIXELS })
    .png({ compressionLevel: 6 })
    .toBuffer();
  return { png: new Uint8Array(png), x, y };
}

/**
 * Cuts a PNG into tiles with new ids; transparent ones are left out.
 *
 * @throws StudioError corrupt-input when it is no PNG, or lies outside of `room`, the painting grown to whole tiles
 */
export async function decodeLayer(
  { png, x, y }: LayerImage,
  room: { width: number; height: number },
): Promise<LoadedTiles> {
  const { data, width, height } = await decodePng(png, room);
  if (x < 0 || y < 0 || x % TILE_SIDE || y % TILE_SIDE || x + width > room.width || y + height > room.height) {
    throw new StudioError('corrupt-input', 'A layer lies outside of the painting.');
  }
  const map: Record<string, string> = {};
  const packed = new Map<string, Uint8Array>();
  for (const place of tilesOf({ x, y, width, height })) {
    const tile = new Uint8Array(TILE_BYTES);
    const rows = Math.min(TILE_SIDE, y + height - place.y);
    const columns = Math.min(TILE_SIDE, x + width - place.x);
    for (let row = 0; row < rows; row++) {
      const from = ((place.y - y + row) * width + place.x - x) * 4;
      tile.set(data.subarray(from, from + columns * 4), row * ROW_BYTES);
    }
    if (tile.every((byte) => byte === 0)) continue;
    const id = newId();
    map[place.key] = id;
    packed.set(id, packTile(tile));
  }
  return { map, packed };
}

async function decodePng(png: Uint8Array, room: { width: number; height: number }) {
  const { default: sharp } = await import('sharp');
  try {
    const image = sharp(png, { limitInputPixels: MAX_PIXELS });
    const { width, height, format } = await image.metadata();
    // Looked at before anything is unpacked.
    if (format !== 'png' || width > room.width || height > room.height) throw new RangeError(`${width}×${height}`);
    const { data } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    return { data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength), width, height };
  } catch (cause) {
    throw new StudioError('corrupt-input', 'The picture of a layer is damaged.', {
      hint: 'Open an earlier copy of the painting.',
      cause,
    });
  }
}
