/**
 * Pictures in a folder of this machine, or in one that machines share.
 */
import { mkdir, readdir, readFile, rm, statfs } from 'node:fs/promises';
import { dirname, join, posix, resolve, sep } from 'node:path';
import { StudioError } from '../../../app/base/errors.ts';
import { writeError, writeFileAtomic } from '../../files/atomic-write.ts';
import { lockFile } from './lock-file.ts';
import type { ResultStore } from './result-store.ts';

/** What `writeFileAtomic` calls its temporary files. */
const PARTIAL = /^\..+\.partial$/;
const LOCK = '.underpaint/lock';

export class FolderStore implements ResultStore {
  readonly place: string;
  /** Folders that are known to be there. */
  readonly #made = new Set<string>();

  /** @param folder need not exist yet: it is made with the first file */
  constructor(folder: string) {
    this.place = resolve(folder);
  }

  async existing(names: readonly string[]): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (const folder of foldersOf(names)) {
      for (const name of await this.#namesIn(folder)) found.add(comparable(posix.join(folder, name)));
    }
    return new Set(names.filter((name) => found.has(comparable(name))));
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    const path = this.#path(name);
    try {
      return await readFile(path);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new StudioError('corrupt-input', `${path} cannot be read.`, { cause });
    }
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    const path = this.#path(name);
    await this.#makeFolder(dirname(path));
    await writeFileAtomic(path, bytes);
  }

  async remove(name: string): Promise<void> {
    const path = this.#path(name);
    await rm(path, { force: true }).catch((error: unknown) => {
      throw writeError(path, error);
    });
  }

  async lock(): Promise<() => Promise<void>> {
    const path = this.#path(LOCK);
    await this.#makeFolder(dirname(path));
    return lockFile(path, this.place);
  }

  async sweep(names: readonly string[]): Promise<void> {
    for (const folder of foldersOf([...names, LOCK])) {
      for (const name of (await this.#namesIn(folder)).filter((other) => PARTIAL.test(other))) {
        await this.remove(posix.join(folder, name));
      }
    }
  }

  async freeBytes(): Promise<number | undefined> {
    for (let folder = this.place; ; folder = dirname(folder)) {
      const found = await statfs(folder).catch(() => undefined);
      if (found) return found.bavail * found.bsize;
      if (folder === dirname(folder)) return undefined;
    }
  }

  dispose(): void {}

  #path(name: string): string {
    const path = join(this.place, name);
    if (path.startsWith(this.place + sep)) return path;
    throw new StudioError('bad-request', `"${name}" leads out of ${this.place}.`);
  }

  async #namesIn(folder: string): Promise<string[]> {
    return readdir(join(this.place, folder)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw writeError(join(this.place, folder), error);
    });
  }

  async #makeFolder(path: string): Promise<void> {
    if (this.#made.has(path)) return;
    await mkdir(path, { recursive: true }).catch((error: unknown) => {
      throw writeError(path, error);
    });
    this.#made.add(path);
  }
}

function foldersOf(names: readonly string[]): Set<string> {
  return new Set(names.map((name) => posix.dirname(name)));
}

/** Some file systems take names that differ only in case, or in how an accent is written, as the same. */
function comparable(name: string): string {
  return posix.normalize(name).normalize('NFC').toLowerCase();
}
