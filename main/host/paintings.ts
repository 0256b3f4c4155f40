/**
 * Paintings on this machine: kept while they are worked on, and saved as projects.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Handlers } from '../../app/contracts/rpc.ts';
import type { PackedTile, PaintingState, RecoverablePainting, StudioApi } from '../../app/contracts/studio-api.ts';
import { readProject, writeProject } from '../projects/project-file.ts';
import { RecoveryStore } from '../projects/recovery-store.ts';

type PaintingMethods = Pick<
  Handlers<StudioApi>,
  'autosave' | 'recoverable' | 'recover' | 'discard' | 'saveProject' | 'projectFile' | 'openProject' | 'openProjectFile'
>;

export class Paintings {
  readonly #store: RecoveryStore;
  readonly #projects: string;
  /** Paintings that windows work on just now. */
  readonly #open = new Set<string>();

  /** @param dataFolder gets the folders `recovery` and `projects` */
  constructor(dataFolder: string) {
    this.#store = new RecoveryStore(join(dataFolder, 'recovery'));
    this.#projects = join(dataFolder, 'projects');
  }

  /** @param mine gets the paintings that this window works on; `close` takes them away again */
  handlers(mine: Set<string>): PaintingMethods {
    return {
      autosave: async (_, painting, { document, path, extras, tiles }) => {
        const newTiles = new Map(tiles.map(({ id, bytes }) => [id, bytes]));
        mine.add(painting);
        this.#open.add(painting);
        await this.#store.save(painting, { document, path, extras, saved: false }, newTiles);
        return null;
      },
      recoverable: () => this.#recoverable(mine),
      recover: async (_, painting) => this.#load(painting),
      discard: async (_, painting) => {
        await this.#store.discard(painting);
        return null;
      },
      saveProject: (_, painting, path) => this.#save(painting, path),
      projectFile: (_, painting) => this.#asBytes(painting),
      openProject: (_, path) => openAt(path, path),
      openProjectFile: (_, bytes) =>
        inTemporaryFolder(async (path) => {
          await writeFile(path, bytes);
          return openAt(path, null);
        }),
    };
  }

  /** A window is gone, and works on these no more. */
  close(paintings: ReadonlySet<string>): void {
    for (const painting of paintings) this.#open.delete(painting);
  }

  /**
   * Paintings that no other window has and no project's file has all of. Copies of those that no window has and that a file has
   * are not needed any more.
   */
  async #recoverable(mine: ReadonlySet<string>): Promise<RecoverablePainting[]> {
    const all = await this.#store.list();
    for (const { id, saved } of all) if (saved && !this.#open.has(id)) await this.#store.discard(id);
    return all
      .filter(({ id, saved }) => !saved && (mine.has(id) || !this.#open.has(id)))
      .map(({ id, name, savedAt }) => ({ painting: id, name, savedAt }));
  }

  async #load(painting: string): Promise<PaintingState> {
    const { document, path, extras, tiles } = await this.#store.load(painting);
    return { document, path, extras, tiles: packedTiles(tiles) };
  }

  async #save(painting: string, wanted: string | null): Promise<string> {
    const state = await this.#store.load(painting);
    const path = wanted ?? state.path ?? (await this.#freePath(state.document.name));
    await this.#write(path, state);
    const { document, extras } = state;
    await this.#store.save(painting, { document, path, extras, saved: true }, new Map());
    return path;
  }

  async #write(path: string, state: Awaited<ReturnType<RecoveryStore['load']>>): Promise<void> {
    const tile = async (id: string) => state.tiles.get(id) as Uint8Array;
    await writeProject(path, { document: state.document, tile, extras: state.extras });
  }

  #asBytes(painting: string): Promise<Uint8Array> {
    return inTemporaryFolder(async (path) => {
      await this.#write(path, await this.#store.load(painting));
      return new Uint8Array(await readFile(path));
    });
  }

  /** Another painting's project is never replaced. */
  async #freePath(name: string): Promise<string> {
    await mkdir(this.#projects, { recursive: true });
    const stem = name.replace(/[^\p{L}\p{N} _-]+/gu, '').trim() || 'painting';
    for (let copy = 1; ; copy++) {
      const path = join(this.#projects, `${copy === 1 ? stem : `${stem} ${copy}`}.underpaint`);
      if (!existsSync(path)) return path;
    }
  }
}

async function openAt(file: string, path: string | null): Promise<PaintingState> {
  const { document, tiles, extras } = await readProject(file);
  return { document, path, extras, tiles: packedTiles(tiles) };
}

function packedTiles(tiles: ReadonlyMap<string, Uint8Array>): PackedTile[] {
  return Array.from(tiles, ([id, bytes]) => ({ id, bytes }));
}

async function inTemporaryFolder<T>(work: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'underpaint-'));
  try {
    return await work(join(folder, 'painting.underpaint'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
