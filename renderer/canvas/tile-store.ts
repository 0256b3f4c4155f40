/**
 * The pixels of all tiles that the painting and its history name, compressed. Freshly made ones are raw until the browser has
 * compressed them in the background; a few that were used last are kept raw besides, so that undo need not wait.
 */
import { newId } from '../../app/base/ids.ts';
import type { PackedTile } from '../../app/contracts/studio-api.ts';
import { TILE_BYTES } from '../../app/document/document.ts';
import { deflate, inflate } from './deflate.ts';

/** Milliseconds of a turn that reading tiles in the background may take. */
const READ_MS = 4;
/** Raw tiles that are kept for undo: 32 MB. */
const RAW_KEPT = 512;

export class TileStore {
  readonly #packed = new Map<string, Uint8Array>();
  /** In order of use, the last one last. */
  readonly #raw = new Map<string, Uint8ClampedArray>();
  readonly #packing = new Map<string, Promise<Uint8Array>>();
  /** Tiles whose pixels still lie on a canvas. */
  readonly #unread = new Map<string, () => Uint8ClampedArray>();

  /**
   * Gives a tile its id at once and reads its pixels later, a few at a time: a long stroke touches hundreds of tiles.
   *
   * @param read gives the RGBA pixels; whoever changes them on the canvas must call `settle` before
   */
  reserve(read: () => Uint8ClampedArray): string {
    const id = newId();
    if (this.#unread.size === 0) setTimeout(() => this.#readSome());
    this.#unread.set(id, read);
    return id;
  }

  /** Reads a tile's pixels now if they are still on the canvas. */
  settle(id: string): void {
    const read = this.#unread.get(id);
    if (!read) return;
    this.#unread.delete(id);
    const pixels = read();
    this.#raw.set(id, pixels);
    this.#packing.set(id, this.#pack(id, pixels));
  }

  addPacked(tiles: readonly PackedTile[]): void {
    for (const { id, bytes } of tiles) this.#packed.set(id, bytes);
  }

  /** The pixels if they are at hand raw. */
  peek(id: string): Uint8ClampedArray | undefined {
    this.settle(id);
    const pixels = this.#raw.get(id);
    if (pixels) this.#touch(id, pixels);
    return pixels;
  }

  async pixels(id: string): Promise<Uint8ClampedArray> {
    const raw = this.peek(id);
    if (raw) return raw;
    const packed = this.#packed.get(id);
    if (!packed) throw new Error(`Tile ${id} is gone.`);
    const pixels = new Uint8ClampedArray(await inflate(packed));
    if (pixels.length !== TILE_BYTES) throw new Error(`Tile ${id} is damaged.`);
    this.#touch(id, pixels);
    return pixels;
  }

  async packed(id: string): Promise<Uint8Array> {
    this.settle(id);
    const packed = this.#packed.get(id) ?? (await this.#packing.get(id));
    if (!packed) throw new Error(`Tile ${id} is gone.`);
    return packed;
  }

  /** Bytes that a tile takes; raw ones count as what they will take at most. */
  sizeOf(id: string): number {
    return this.#packed.get(id)?.length ?? TILE_BYTES;
  }

  /** Bytes of all tiles. */
  get bytes(): number {
    let total = 0;
    for (const bytes of this.#packed.values()) total += bytes.length;
    return total + this.#raw.size * TILE_BYTES;
  }

  /** Forgets all other tiles. */
  retain(needed: ReadonlySet<string>): void {
    for (const map of [this.#packed, this.#raw, this.#packing, this.#unread]) {
      for (const id of map.keys()) if (!needed.has(id)) map.delete(id);
    }
  }

  #readSome(): void {
    const deadline = performance.now() + READ_MS;
    for (const id of this.#unread.keys()) {
      this.settle(id);
      if (performance.now() > deadline) break;
    }
    if (this.#unread.size > 0) setTimeout(() => this.#readSome());
  }

  #touch(id: string, pixels: Uint8ClampedArray): void {
    this.#raw.delete(id);
    this.#raw.set(id, pixels);
    for (const oldest of this.#raw.keys()) {
      if (this.#raw.size <= RAW_KEPT) return;
      if (!this.#packing.has(oldest)) this.#raw.delete(oldest);
      else return;
    }
  }

  async #pack(id: string, pixels: Uint8ClampedArray): Promise<Uint8Array> {
    const packed = await deflate(pixels);
    if (this.#packing.delete(id)) this.#packed.set(id, packed);
    return packed;
  }
}
