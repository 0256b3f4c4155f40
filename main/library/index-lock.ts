/**
 * The lock of the library's index.
 *
 * SQLite's files are guarded by a folder `<file>.lock` (the locking of node-sqlite3-wasm), which the index holds only for
 * the milliseconds of one piece of work. A process that is killed meanwhile leaves it behind. So each process that uses
 * the index leaves a note with its number in `<file>.users`: a lock is removed when no other one of them lives, and, as
 * numbers are used again, also when it stays the same for seconds.
 */
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StudioError } from '../../app/base/errors.ts';
import { isProcessAlive } from '../files/process-alive.ts';

/** Far above what any piece of work takes, in ms. */
const STALE_MS = 5_000;
/** How long others may go on working before this gives up, in ms. */
const PATIENCE_MS = 15_000;
const PAUSE_MS = 20;

/** To be called by each process before it uses the index. Throws what the file system throws. */
export function announceUser(file: string): void {
  const folder = usersOf(file);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, String(process.pid)), '');
  for (const name of readdirSync(folder))
    if (!isProcessAlive(name)) rmSync(join(folder, name), { recursive: true, force: true });
}

export class IndexLock {
  readonly #file: string;
  readonly #path: string;
  readonly #begin = performance.now();
  #seen: { readonly made: number; readonly since: number } | undefined;

  /** @param file the guarded file */
  constructor(file: string) {
    this.#file = file;
    this.#path = `${file}.lock`;
  }

  /**
   * Called when the lock is taken: waits a little, or removes a lock that nobody holds. Blocks the thread.
   *
   * @throws StudioError unwritable when others held it for too long
   */
  wait(): void {
    const made = statSync(this.#path, { throwIfNoEntry: false })?.mtimeMs;
    if (made === undefined) return;
    const now = performance.now();
    if (this.#seen?.made !== made) this.#seen = { made, since: now };
    const isOld = Date.now() - made > STALE_MS || now - this.#seen.since > STALE_MS;
    if (isOld || !hasOtherUsers(this.#file)) rmSync(this.#path, { recursive: true, force: true });
    else if (now - this.#begin > PATIENCE_MS) throw busy(this.#path);
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
}

function usersOf(file: string): string {
  return `${file}.users`;
}

/** This process counts as none: it does not hold the lock while it waits for it. */
function hasOtherUsers(file: string): boolean {
  try {
    return readdirSync(usersOf(file)).some((name) => name !== String(process.pid) && isProcessAlive(name));
  } catch {
    // The notes are gone: nobody knows.
    return true;
  }
}

function busy(path: string): StudioError {
  return new StudioError('unwritable', 'Another program is using the library of pictures.', {
    hint: 'Close other windows of Underpaint and try again.',
    detail: `${path} is taken.`,
  });
}
