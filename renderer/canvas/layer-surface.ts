/**
 * The pixels of a layer as a canvas: a cache of the tiles that its document names.
 */
import { type Rect, TILE_SIDE, type TileMap } from '../../app/document/document.ts';
import { type TilePlace, tileOrigin, tilesOf, unite } from '../../app/document/rects.ts';
import { type Bitmap, createBitmap } from './bitmap.ts';
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
    for (const key of keys)
      if (previous[key] !== undefined && previous[key] !== tiles[key]) this.#store.settle(previous[key]);
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

  /** Whether nothing is painted on the tiles that an area of the painting touches. */
  isEmptyIn(area: Rect): boolean {
    return tilesOf(area).every(({ key }) => this.#tiles[key] === undefined);
  }

  /** To be called before pixels of these tiles change: what the store has not read yet is read. */
  settle(places: readonly TilePlace[]): void {
    for (const { key } of places) {
      const id = this.#tiles[key];
      if (id !== undefined) this.#store.settle(id);
    }
  }

  /** Takes what was painted into the store: new tile ids by place. */
  capture(places: readonly TilePlace[]): Map<string, string> {
    return new Map(places.map(({ key, x, y }) => [key, this.#store.reserve(() => this.#read(x, y))]));
  }

  /** Says that the canvas shows these tiles already, as after a capture. */
  adopt(tiles: TileMap): void {
    this.#tiles = tiles;
  }

  #read(x: number, y: number): Uint8ClampedArray {
    return this.bitmap.context.getImageData(x, y, TILE_SIDE, TILE_SIDE).data;
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
