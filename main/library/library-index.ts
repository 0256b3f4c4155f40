/**
 * The index of the library: an SQLite database that is opened for each piece of work and closed after it, so that several
 * programs can share it.
 *
 * It keeps a write-ahead log under an exclusive lock, because node-sqlite3-wasm never rolls back a rollback journal that
 * a killed process left: its lock looks taken to itself, and SQLite takes that for a writer at work.
 */
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import sqlite, { type Database } from 'node-sqlite3-wasm';
import { StudioError } from '../../app/base/errors.ts';
import { writeError } from '../files/atomic-write.ts';
import { announceUser, IndexLock } from './index-lock.ts';
import { brokenPath } from './json-file.ts';

const SETUP = `
  PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;`;

/** The package has no codes, only SQLite's sentences. */
const LOCKED = /database is locked/;
const DAMAGED = /malformed|not a database|no such|has no column|unsupported file format/;
const UNOPENED = /unable to open|could not open/i;
const FULL = /is full/;

/** Thrown when the index cannot be used as it is: it must be moved aside and made anew. */
export class DamagedIndex extends StudioError {
  constructor(cause: unknown) {
    super('corrupt-input', 'The index of the library is damaged.', {
      hint: 'Start Underpaint again: it makes a new one from the pictures.',
      cause,
      ...(cause instanceof Error ? { detail: cause.message } : {}),
    });
  }
}

export interface Schema {
  /** Kept as SQLite's user_version; an index of another version counts as damaged. */
  readonly version: number;
  readonly sql: string;
}

export class LibraryIndex {
  readonly #path: string;
  readonly #schema: Schema;

  /** @param path need not exist yet */
  constructor(path: string, schema: Schema) {
    this.#path = path;
    this.#schema = schema;
  }

  /** To be called before everything else. Throws `unwritable` or `disk-full`. */
  announce(): void {
    try {
      announceUser(this.#path);
    } catch (error) {
      throw writeError(this.#path, error);
    }
  }

  /**
   * Runs one transaction; when `work` throws, nothing has happened. Waits for other programs, and blocks the thread.
   *
   * @throws DamagedIndex, or StudioError unwritable or disk-full
   */
  use<T>(work: (db: Database) => T): T {
    const lock = new IndexLock(this.#path);
    for (;;) {
      try {
        return this.#transaction(work);
      } catch (error) {
        if (!(error instanceof sqlite.SQLite3Error)) throw error;
        if (!LOCKED.test(error.message)) throw failure(this.#path, error);
        lock.wait();
      }
    }
  }

  /**
   * Makes room for a new index and reads from the old one what can still be read.
   *
   * @throws StudioError unwritable or disk-full
   */
  moveAside<T>(salvage: (db: Database) => T, nothing: T): T {
    const broken = brokenPath(this.#path);
    try {
      for (const end of ['', '-wal', '-journal', '.lock']) rmSync(broken + end, { recursive: true, force: true });
      for (const end of ['', '-wal']) if (existsSync(this.#path + end)) renameSync(this.#path + end, broken + end);
      rmSync(`${this.#path}-journal`, { recursive: true, force: true });
    } catch (error) {
      throw writeError(this.#path, error);
    }
    return existsSync(broken) ? trySalvage(broken, salvage, nothing) : nothing;
  }

  #transaction<T>(work: (db: Database) => T): T {
    const db = new sqlite.Database(this.#path);
    try {
      db.exec(`${SETUP} BEGIN IMMEDIATE;`);
      this.#prepare(db);
      const result = work(db);
      db.exec('COMMIT');
      return result;
    } finally {
      db.close();
    }
  }

  #prepare(db: Database): void {
    const version = db.get('PRAGMA user_version')?.user_version;
    if (version === this.#schema.version) return;
    const isNew = version === 0 && db.get('SELECT 1 FROM sqlite_schema') === null;
    if (!isNew) throw new DamagedIndex(new Error(`It is of version ${version}, not ${this.#schema.version}.`));
    db.exec(`${this.#schema.sql}; PRAGMA user_version = ${this.#schema.version};`);
  }
}

function trySalvage<T>(path: string, salvage: (db: Database) => T, nothing: T): T {
  try {
    const db = new sqlite.Database(path);
    try {
      db.exec(SETUP);
      return salvage(db);
    } finally {
      db.close();
    }
  } catch {
    // Nothing of it can be read; the file stays for whoever wants to look.
    return nothing;
  }
}

function failure(path: string, error: Error): StudioError {
  const isDamaged = DAMAGED.test(error.message) || (UNOPENED.test(error.message) && isObstructed(path));
  if (isDamaged) return new DamagedIndex(error);
  const hint = 'Check that its disk has space and that you may write there.';
  const options = { hint, detail: error.message, cause: error };
  if (FULL.test(error.message)) return new StudioError('disk-full', `There is no space left for ${path}.`, options);
  return new StudioError('unwritable', `The library of pictures cannot be used: ${path}`, options);
}

/** Whether something else lies where the index should: a good one may be out of reach just for now. */
function isObstructed(path: string): boolean {
  return [path, `${path}-wal`].some((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === false);
}
