/**
 * Paintings while they are worked on: what a crash must not take. Each has a folder with its tiles, which never change, and a
 * `painting.json` that is replaced once all tiles that it names are there.
 */
import { access, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../app/base/errors.ts';
import { fields, finite, flag, nullable, text } from '../../app/contracts/parse.ts';
import { type PaintingDocument, tileIds } from '../../app/document/document.ts';
import { parseDocument, parseId } from '../../app/document/parse-document.ts';
import { writeError, writeFileAtomic } from '../files/atomic-write.ts';

export interface KeptPainting {
  readonly document: PaintingDocument;
  /** The project's file, or null. */
  readonly path: string | null;
  /** What is kept beside the document, as text. */
  readonly extras: string;
  /** Whether the project's file has all of it. */
  readonly saved: boolean;
}

export interface KeptEntry {
  readonly id: string;
  readonly name: string;
  readonly saved: boolean;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
}

interface StoredPainting extends KeptPainting {
  readonly savedAt: number;
}

const parseStored = fields<StoredPainting>({
  document: parseDocument,
  path: nullable(text),
  extras: text,
  saved: flag,
  savedAt: finite,
});

export class RecoveryStore {
  readonly #folder: string;
  readonly #saving = new Map<string, Promise<void>>();
  /** Tiles of the last save of each painting: they are let go of one save later. */
  readonly #lastTiles = new Map<string, ReadonlySet<string>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Keeps a painting. Saves of one painting follow each other.
   *
   * @param newTiles packed pixels of tiles that were not kept before
   * @throws StudioError bad-request when the document names a tile that is not there; unwritable, disk-full
   */
  save(id: string, painting: KeptPainting, newTiles: ReadonlyMap<string, Uint8Array>): Promise<void> {
    const before = this.#saving.get(id) ?? Promise.resolve();
    const saving = before.catch(() => {}).then(() => this.#save(id, painting, newTiles));
    this.#saving.set(id, saving);
    return saving;
  }

  /** The newest first. Entries that are damaged are left out. */
  async list(): Promise<KeptEntry[]> {
    const ids = await readdir(this.#folder).catch(() => []);
    const entries: KeptEntry[] = [];
    for (const id of ids) {
      const stored = await this.#read(id).catch(() => undefined);
      if (stored) entries.push({ id, name: stored.document.name, saved: stored.saved, savedAt: stored.savedAt });
    }
    return entries.sort((a, b) => b.savedAt - a.savedAt);
  }

  /** Throws `missing-file` or `corrupt-input`. */
  async load(id: string): Promise<KeptPainting & { readonly tiles: ReadonlyMap<string, Uint8Array> }> {
    await this.#saving.get(id)?.catch(() => {});
    const { document, path, extras, saved } = await this.#read(id);
    const tiles = new Map<string, Uint8Array>();
    for (const tile of tileIds(document)) {
      const bytes = await readFile(this.#tileFile(id, tile)).catch((cause) => {
        throw new StudioError('corrupt-input', `A part of “${document.name}” is missing.`, { cause });
      });
      tiles.set(tile, new Uint8Array(bytes));
    }
    return { document, path, extras, saved, tiles };
  }

  async discard(id: string): Promise<void> {
    await this.#saving.get(id)?.catch(() => {});
    this.#lastTiles.delete(id);
    await rm(this.#paintingFolder(id), { recursive: true, force: true });
  }

  async #save(id: string, painting: KeptPainting, newTiles: ReadonlyMap<string, Uint8Array>): Promise<void> {
    const folder = join(this.#paintingFolder(id), 'tiles');
    await mkdir(folder, { recursive: true }).catch((error) => {
      throw writeError(folder, error);
    });
    for (const [tile, bytes] of newTiles) await writeFileAtomic(this.#tileFile(id, tile), bytes);
    const needed = tileIds(painting.document);
    for (const tile of needed) if (!newTiles.has(tile)) await this.#checkTile(id, tile);
    const stored: StoredPainting = { ...painting, savedAt: Date.now() };
    await writeFileAtomic(join(this.#paintingFolder(id), 'painting.json'), JSON.stringify(stored));
    await this.#collect(id, needed);
  }

  async #checkTile(id: string, tile: string): Promise<void> {
    await access(this.#tileFile(id, tile)).catch((cause) => {
      throw new StudioError('bad-request', `Tile ${tile} was never sent.`, { cause });
    });
  }

  /** Deletes tiles that neither this save nor the one before it needs. */
  async #collect(id: string, needed: ReadonlySet<string>): Promise<void> {
    const before = this.#lastTiles.get(id);
    this.#lastTiles.set(id, needed);
    if (!before) return;
    for (const tile of await readdir(join(this.#paintingFolder(id), 'tiles'))) {
      if (!needed.has(tile) && !before.has(tile))
        await rm(join(this.#paintingFolder(id), 'tiles', tile), { force: true });
    }
  }

  async #read(id: string): Promise<StoredPainting> {
    const file = join(this.#paintingFolder(id), 'painting.json');
    const json = await readFile(file, 'utf8').catch((cause) => {
      throw new StudioError('missing-file', 'This painting is not kept any more.', { cause });
    });
    try {
      return parseStored(JSON.parse(json), 'painting');
    } catch (cause) {
      throw new StudioError('corrupt-input', 'The copy of this painting is damaged.', { cause });
    }
  }

  #paintingFolder(id: string): string {
    return join(this.#folder, parseId(id, 'painting'));
  }

  #tileFile(id: string, tile: string): string {
    return join(this.#paintingFolder(id), 'tiles', parseId(tile, 'tile'));
  }
}
