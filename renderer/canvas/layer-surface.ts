/**
 * The pixels of a layer as a canvas: a cache of the tiles that its document names.
 */
import { type Rect, TILE_SIDE, type TileMap } from '../../app/document/document.ts';
import { tileOrigin, unite } from '../../app/document/rects.ts';
import { type Bitmap, createBitmap, readTiles } from './bitmap.ts';
import type { TileStore } from './tile-store.ts';

const NOTHING: Rect = { x: 0, y: 0, width: 0, height: 0 };

export class LayerSurface {
  readonly bitmap: Bitmap;
  readonly #store: TileStore;
  /** What the canvas shows, when nothing is being loaded. */
  #tiles: TileMap = {};
  #loading = 0;

  constructor(width: number, height: number, store: TileStore) {
    this.bitmap = createBitmap(width, height);
    this.#store = store;
  }

  get tiles(): TileMap {
    return this.#tiles;
  }

  /**
   * Brings the canvas to other tiles.
   *
   * @param onChanged told of each area that has changed, at once for tiles that are at hand
   */
  async show(tiles: TileMap, onChanged: (area: Rect) => void): Promise<void> {
    const turn = ++this.#loading;
    const previous = this.#tiles;
    if (tiles === previous) return;
    this.#tiles = tiles;
    const keys = new Set([...Object.keys(previous), ...Object.keys(tiles)]);
    const absent: [string, string][] = [];
    let changed = NOTHING;
    for (const key of keys) {
      const id = tiles[key];
      if (id === previous[key]) continue;
      const pixels = id === undefined ? undefined : this.#store.peek(id);
      if (id !== undefined && !pixels) absent.push([key, id]);
      else changed = unite(changed, this.#put(key, pixels));
    }
    onChanged(changed);
    for (const [key, id] of absent) {
      const pixels = await this.#store.pixels(id);
      if (turn !== this.#loading && this.#tiles[key] !== id) continue;
      onChanged(this.#put(key, pixels));
    }
  }

  /** Takes what was painted in an area into the store: new tile ids by place, null for tiles that are blank now. */
  capture(area: Rect): Map<string, string | null> {
    const changes = new Map<string, string | null>();
    for (const [{ key }, pixels] of readTiles(this.bitmap.context, area)) {
      if (pixels) changes.set(key, this.#store.add(pixels));
      else if (this.#tiles[key] !== undefined) changes.set(key, null);
    }
    return changes;
  }

  /** Says that the canvas shows these tiles already, as after a capture. */
  adopt(tiles: TileMap): void {
    this.#tiles = tiles;
  }

  #put(key: string, pixels: Uint8ClampedArray | undefined): Rect {
    const { x, y } = tileOrigin(key);
    const { context } = this.bitmap;
    if (pixels)
      context.putImageData(new ImageData(pixels as Uint8ClampedArray<ArrayBuffer>, TILE_SIDE, TILE_SIDE), x, y);
    else context.clearRect(x, y, TILE_SIDE, TILE_SIDE);
    return { x, y, width: TILE_SIDE, height: TILE_SIDE };
  }
}
