/**
 * The tables of the library's index, and what is asked of them.
 */
import type { Database, Statement } from 'node-sqlite3-wasm';
import { bytes, fields, integer, nullable, text } from '../../app/contracts/parse.ts';
import {
  type Board,
  type PictureEntry,
  type PictureQuery,
  parsePictureEntry,
} from '../../app/library/picture-entry.ts';
import type { Schema } from './library-index.ts';
import { parsePictureFile } from './picture-files.ts';

export const PICTURE_SCHEMA: Schema = {
  version: 1,
  sql: `
    CREATE TABLE pictures (
      row INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      file TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      model_id TEXT NOT NULL,
      model_name TEXT NOT NULL,
      label TEXT,
      seed INTEGER NOT NULL,
      width INTEGER NOT NULL,
      height INTEGER NOT NULL,
      starred INTEGER NOT NULL,
      board TEXT
    ) STRICT;
    CREATE INDEX pictures_by_time ON pictures (created_at, id);
    CREATE INDEX pictures_by_board ON pictures (board);
    CREATE TABLE thumbnails (
      picture INTEGER PRIMARY KEY REFERENCES pictures (row) ON DELETE CASCADE,
      png BLOB NOT NULL
    ) STRICT;
    CREATE TABLE frames (
      picture INTEGER NOT NULL REFERENCES pictures (row) ON DELETE CASCADE,
      place INTEGER NOT NULL,
      png BLOB NOT NULL,
      PRIMARY KEY (picture, place)
    ) STRICT;
    CREATE VIRTUAL TABLE words USING fts5 (
      label, model, board, tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
    );
    CREATE TRIGGER words_insert AFTER INSERT ON pictures BEGIN
      INSERT INTO words (rowid, label, model, board) VALUES (new.row, new.label, new.model_name, new.board);
    END;
    CREATE TRIGGER words_update AFTER UPDATE OF label, model_name, board ON pictures BEGIN
      UPDATE words SET label = new.label, model = new.model_name, board = new.board WHERE rowid = new.row;
    END;
    CREATE TRIGGER words_delete AFTER DELETE ON pictures BEGIN
      DELETE FROM words WHERE rowid = old.row;
    END`,
};

export interface PictureRow {
  readonly entry: PictureEntry;
  /** Path of the file inside the library, with forward slashes. */
  readonly file: string;
}

/** What a picture's file does not say. */
export type PictureMarks = Pick<PictureEntry, 'createdAt' | 'starred' | 'board'>;

const MAX_WORDS = 16;
const MAX_SALVAGED = 200_000;
const COLUMNS = 'id, file, created_at, model_id, model_name, label, seed, width, height, starred, board';
const VALUES = 'VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)';

const marksRow = fields<{ id: string; created_at: number; starred: number; board: string | null }>({
  id: text,
  created_at: integer(0, Number.MAX_SAFE_INTEGER),
  starred: integer(0, 1),
  board: nullable(text),
});

function parseRow(row: Record<string, unknown>): PictureRow {
  const { id, file, created_at: createdAt, label: labelName, seed, width, height, starred, board } = row;
  const model = { id: row.model_id, name: row.model_name };
  const entry = { id, createdAt, model, labelName, seed, width, height, starred: starred === 1, board };
  return { entry: parsePictureEntry(entry, 'picture'), file: parsePictureFile(file, 'file') };
}

function valuesOf({ entry, file }: PictureRow): (string | number | null)[] {
  const { id, createdAt, model, labelName, seed, width, height, starred, board } = entry;
  return [id, file, createdAt, model.id, model.name, labelName, seed, width, height, starred ? 1 : 0, board];
}

/** Puts a picture in, or in place of the one with this id, which keeps its time, its file, its star and its board. */
export function putPicture(db: Database, row: PictureRow, thumbnail: Uint8Array, frames: readonly Uint8Array[]): void {
  db.run(
    `INSERT INTO pictures (${COLUMNS}) ${VALUES} ON CONFLICT (id) DO UPDATE SET model_id = excluded.model_id,
      model_name = excluded.model_name, label = excluded.label, seed = excluded.seed, width = excluded.width,
      height = excluded.height`,
    valuesOf(row),
  );
  putThumbnail(db, row.entry.id, thumbnail);
  db.run('DELETE FROM frames WHERE picture = (SELECT row FROM pictures WHERE id = ?)', [row.entry.id]);
  for (const [place, png] of frames.entries()) {
    const values = [place, png, row.entry.id];
    db.run('INSERT INTO frames (picture, place, png) SELECT row, ?, ? FROM pictures WHERE id = ?', values);
  }
}

/** Puts pictures in that are not there yet; without thumbnails. */
export function addPictures(db: Database, rows: readonly PictureRow[]): void {
  const insert = db.prepare(`INSERT INTO pictures (${COLUMNS}) ${VALUES} ON CONFLICT (id) DO NOTHING`);
  try {
    for (const row of rows) insert.run(valuesOf(row));
  } finally {
    insert.finalize();
  }
}

export function findPicture(db: Database, id: string): PictureRow | undefined {
  const row = db.get(`SELECT ${COLUMNS} FROM pictures WHERE id = ?`, [id]);
  return row === null ? undefined : parseRow(row);
}

export function listPictures(db: Database, query: PictureQuery): PictureEntry[] {
  const conditions: [sql: string, ...values: (string | number)[]][] = [['1']];
  const { search, starred, board, before, limit } = query;
  const match = search === undefined ? undefined : matchOf(search);
  if (match !== undefined) conditions.push(['row IN (SELECT rowid FROM words WHERE words MATCH ?)', match]);
  if (starred) conditions.push(['starred = 1']);
  if (board !== undefined) conditions.push(['board = ?', board]);
  if (before) conditions.push(['(created_at, id) < (?, ?)', before.createdAt, before.id]);
  const where = conditions.map(([sql]) => sql).join(' AND ');
  const values = [...conditions.flatMap(([, ...given]) => given), limit];
  const sql = `SELECT ${COLUMNS} FROM pictures WHERE ${where} ORDER BY created_at DESC, id DESC LIMIT ?`;
  return db.all(sql, values).map((row) => parseRow(row).entry);
}

/** A person's words as an FTS5 query: each is quoted and may be the beginning of a word; all must occur. */
function matchOf(search: string): string | undefined {
  const words = search.split(/[\s\p{Cc}]+/u).filter((word) => word !== '');
  if (words.length === 0) return undefined;
  return words
    .slice(0, MAX_WORDS)
    .map((word) => `"${word.replaceAll('"', '""')}"*`)
    .join(' ');
}

export function listBoards(db: Database): Board[] {
  const sql = 'SELECT board, count(*) AS n FROM pictures WHERE board IS NOT NULL GROUP BY board';
  const boards = db.all(sql).map((row) => ({ name: text(row.board, 'board'), count: Number(row.n) }));
  return boards.sort((one, other) => one.name.localeCompare(other.name));
}

/** False when there is no such picture. */
export function markPicture(db: Database, id: string, marks: Partial<Omit<PictureMarks, 'createdAt'>>): boolean {
  const { starred, board } = marks;
  if (starred !== undefined) db.run('UPDATE pictures SET starred = ? WHERE id = ?', [starred, id]);
  if (board !== undefined) db.run('UPDATE pictures SET board = ? WHERE id = ?', [board, id]);
  return db.get('SELECT 1 FROM pictures WHERE id = ?', [id]) !== null;
}

export function removePictures(db: Database, ids: readonly string[]): void {
  for (const id of ids) db.run('DELETE FROM pictures WHERE id = ?', [id]);
}

export function listIds(db: Database): string[] {
  return db.all('SELECT id FROM pictures').map(({ id }) => text(id, 'id'));
}

export function findThumbnail(db: Database, id: string): Uint8Array | undefined {
  const row = db.get('SELECT png FROM thumbnails JOIN pictures ON picture = row WHERE id = ?', [id]);
  return row === null ? undefined : bytes(row.png, 'thumbnail');
}

/** Does nothing when there is no such picture. */
export function putThumbnail(db: Database, id: string, png: Uint8Array): void {
  db.run('INSERT OR REPLACE INTO thumbnails (picture, png) SELECT row, ? FROM pictures WHERE id = ?', [png, id]);
}

export function listFrames(db: Database, id: string): Uint8Array[] {
  const sql = 'SELECT png FROM frames JOIN pictures ON picture = row WHERE id = ? ORDER BY place';
  return db.all(sql, [id]).map(({ png }) => bytes(png, 'frame'));
}

/** The marks of all pictures of a damaged index, up to where it can no longer be read. */
export function salvageMarks(db: Database): Map<string, PictureMarks> {
  const kept = new Map<string, PictureMarks>();
  const statement = db.prepare(`SELECT id, created_at, starred, board FROM pictures LIMIT ${MAX_SALVAGED}`);
  try {
    for (const row of statement.iterate()) {
      const { id, created_at: createdAt, starred, board } = marksRow(row, 'picture');
      kept.set(id, { createdAt, starred: starred === 1, board });
    }
  } catch {
    // The damage begins here; what came before it counts.
  }
  finalize(statement);
  return kept;
}

/** A statement that failed throws once more when it is given back. */
function finalize(statement: Statement): void {
  try {
    statement.finalize();
  } catch {
    // Told before.
  }
}
