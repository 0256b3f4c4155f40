/**
 * What happens to the library when programs die, share it or damage it.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite, { type Database } from 'node-sqlite3-wasm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SAMPLE_RECORD } from '../jobs/testing/sample-record.ts';
import type { Picture } from '../jobs/write-picture.ts';
import { PictureLibrary } from './picture-library.ts';
import { addPictures, type PictureRow } from './picture-rows.ts';

const PICTURE: Picture = { image: { width: 4, height: 4, data: new Uint8Array(48) }, record: SAMPLE_RECORD };

let folder: string;
let db: string;
let lock: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'underpaint-library-'));
  db = join(folder, 'library.db');
  lock = `${db}.lock`;
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Three pictures; the first is starred and on a board. */
async function filled(): Promise<PictureLibrary> {
  const library = await PictureLibrary.open(folder);
  for (const id of ['a', 'b', 'c']) await library.add(PICTURE, { id, frames: [new Uint8Array(9)] });
  library.star('a', true);
  library.setBoard('a', 'Kept');
  return library;
}

const ids = (library: PictureLibrary) =>
  library
    .list({ limit: 500 })
    .map(({ id }) => id)
    .sort();

/** Works on the index past the library. */
function openIndex(work: (index: Database) => void): void {
  const index = new sqlite.Database(db);
  index.exec('PRAGMA locking_mode = EXCLUSIVE');
  work(index);
  index.close();
}

function age(path: string, seconds: number): void {
  const time = Date.now() / 1000 - seconds;
  utimesSync(path, time, time);
}

/** Runs a script beside node_modules that ends by killing itself; `Database` and `PATH` are there. */
function runAndKill(script: string): void {
  const head = `const { Database } = require('node-sqlite3-wasm'); const PATH = ${JSON.stringify(db)};`;
  const { signal, stderr } = spawnSync(process.execPath, [
    '-e',
    `${head}${script};process.kill(process.pid, 'SIGKILL')`,
  ]);
  expect(signal, String(stderr)).toBe('SIGKILL');
}

const BEGIN = `const db = new Database(PATH); db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL');`;

describe('a lock that a killed program left', () => {
  /** Another process that lives: the one that started the tests. */
  const announceOther = () => writeFileSync(join(`${db}.users`, String(process.ppid)), '');

  async function timed(work: () => unknown): Promise<number> {
    const begin = performance.now();
    await work();
    return performance.now() - begin;
  }

  it('is removed at once when no other program is there', async () => {
    await filled();
    mkdirSync(lock);
    expect(await timed(async () => ids(await PictureLibrary.open(folder)))).toBeLessThan(2_000);
    expect(existsSync(lock)).toBe(false);
  });

  it('is removed at once when it is old, whoever is there', async () => {
    const library = await filled();
    announceOther();
    mkdirSync(lock);
    age(lock, 60);
    expect(await timed(() => library.star('a', false))).toBeLessThan(2_000);
    expect(library.get('a').starred).toBe(false);
  });

  it('is removed after a few seconds when another program is there, though it seems to be of the future', async () => {
    const library = await filled();
    announceOther();
    mkdirSync(lock);
    age(lock, -3600);
    const time = await timed(() => library.star('a', false));
    expect(time).toBeGreaterThan(4_000);
    expect(time).toBeLessThan(10_000);
    expect(library.get('a').starred).toBe(false);
  });

  it('is removed also when it is a file or has something in it', async () => {
    const library = await filled();
    writeFileSync(lock, 'x');
    expect(ids(library)).toEqual(['a', 'b', 'c']);
    mkdirSync(lock);
    writeFileSync(join(lock, 'x'), '');
    expect(ids(library)).toEqual(['a', 'b', 'c']);
  });

  it('is told from one whose program lives, which is waited for', async () => {
    const library = await filled();
    const script = `const fs = require('fs'); const lock = ${JSON.stringify(lock)};
      fs.writeFileSync(${JSON.stringify(`${db}.users/`)} + process.pid, ''); fs.mkdirSync(lock); console.log('x');
      setTimeout(() => fs.rmdirSync(lock), 400)`;
    const other = spawn(process.execPath, ['-e', script]);
    await new Promise((resolve) => other.stdout.once('data', resolve));
    const time = await timed(() => ids(library));
    expect(time).toBeGreaterThan(200);
    expect(time).toBeLessThan(4_000);
  });

  it('leaves no notes of programs that ended', async () => {
    await filled();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(join(`${db}.users`, String(pid)), '');
    await PictureLibrary.open(folder);
    expect(readdirSync(`${db}.users`)).toEqual([String(process.pid)]);
  });
});

describe('a program that is killed while it writes', () => {
  it('leaves what it had finished, and nothing of the rest', async () => {
    await filled();
    runAndKill(`${BEGIN} db.exec("UPDATE pictures SET starred = 1 WHERE id = 'b'");
      db.exec("PRAGMA cache_size = 2; BEGIN; UPDATE pictures SET board = 'lost', label = hex(randomblob(20000))")`);
    expect(existsSync(lock) && statSync(`${db}-wal`).size > 0).toBe(true);
    const library = await PictureLibrary.open(folder);
    expect(library.get('b')).toMatchObject({ starred: true, board: null, labelName: 'alpine läke' });
    expect(library.get('a')).toMatchObject({ starred: true, board: 'Kept' });
    expect(library.frames('c')).toHaveLength(1);
    expect(existsSync(join(folder, 'library.broken.db'))).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(['library.db', 'library.db.users', 'pictures']);
  });

  it('while it makes the index leaves one that is made again', async () => {
    runAndKill(`${BEGIN} db.exec('BEGIN; CREATE TABLE pictures (row)')`);
    const library = await PictureLibrary.open(folder);
    await library.add(PICTURE, { id: 'a' });
    expect(ids(await PictureLibrary.open(folder))).toEqual(['a']);
  });
});

describe('an index that is damaged', () => {
  const damages: [string, () => void][] = [
    ['half written', () => truncate(0.5)],
    ['cut within a page', () => truncate(0.3, 100)],
    ['a few bytes', () => writeFileSync(db, 'SQLite')],
    ['no database', () => writeFileSync(db, 'x'.repeat(20_000))],
    ['empty', () => writeFileSync(db, '')],
    ['gone', () => rmSync(db)],
    ['a folder', () => replaceByFolder(db)],
    ['whole, but its log is a folder', () => mkdirSync(`${db}-wal`)],
    ['of another program', () => foreign('CREATE TABLE x (y)')],
    ['of another version', () => foreign('PRAGMA user_version = 99')],
    ['without its search', () => foreign('DROP TABLE words')],
  ];

  function truncate(part: number, less = 0): void {
    const file = openSync(db, 'r+');
    ftruncateSync(file, Math.floor(statSync(db).size * part) - less);
    closeSync(file);
  }

  function foreign(sql: string): void {
    if (sql.startsWith('CREATE')) rmSync(db);
    openIndex((other) => other.exec(sql));
  }

  function replaceByFolder(path: string): void {
    rmSync(path);
    mkdirSync(path);
  }

  it.each(damages)('(%s) is made anew at the start', async (_, damage) => {
    await filled();
    damage();
    const library = await PictureLibrary.open(folder);
    expect(library.list({ search: 'alp', limit: 9 })).toHaveLength(3);
    expect(ids(library)).toEqual(['a', 'b', 'c']);
    await library.add(PICTURE, { id: 'd' });
    expect((await library.thumbnail('a')).length).toBeGreaterThan(0);
    expect(ids(await PictureLibrary.open(folder))).toEqual(['a', 'b', 'c', 'd']);
  });

  it('while it is in use is made anew', async () => {
    const library = await filled();
    writeFileSync(db, 'x'.repeat(20_000));
    expect(ids(library)).toEqual(['a', 'b', 'c']);
    expect(readFileSync(join(folder, 'library.broken.db'), 'utf8')).toBe('x'.repeat(20_000));
  });

  it('in part loses no stars and boards that can still be read', async () => {
    const { createdAt } = (await filled()).get('a');
    foreign('DROP TABLE words; UPDATE pictures SET created_at = created_at - 5000');
    const library = await PictureLibrary.open(folder);
    expect(library.list({ search: 'alp', limit: 9 })).toHaveLength(3);
    expect(library.get('a')).toMatchObject({ starred: true, board: 'Kept', createdAt: createdAt - 5000 });
    expect(library.get('b')).toMatchObject({ starred: false, board: null });
  });

  it('is not what a folder that went away looks like', async () => {
    const library = await filled();
    rmSync(folder, { recursive: true });
    expect(() => library.list({ limit: 9 })).toThrow(expect.objectContaining({ code: 'unwritable' }));
  });

  it('with paths that lead out of the library removes nothing there', async () => {
    const outside = join(folder, 'outside.png');
    writeFileSync(outside, 'precious');
    const library = await filled();
    foreign("UPDATE pictures SET file = '../outside.png' WHERE id = 'a'");
    await expect(library.remove('a')).rejects.toMatchObject({ code: 'bad-request' });
    expect(existsSync(outside)).toBe(true);
  });
});

describe('two libraries on one folder', () => {
  it('see what the other does', async () => {
    const one = await PictureLibrary.open(folder);
    const two = await PictureLibrary.open(folder);
    await Promise.all([one, two, one, two].map((library, at) => library.add(PICTURE, { id: `p${at}` })));
    one.star('p1', true);
    await two.remove('p0');
    expect(ids(one)).toEqual(['p1', 'p2', 'p3']);
    expect(two.get('p1').starred).toBe(true);
  });

  it('one of them in another program that writes all the time', async () => {
    const library = await filled();
    const script = `const { Database } = require('node-sqlite3-wasm'); const end = Date.now() + 1500; let n = 0;
      require('fs').writeFileSync(${JSON.stringify(`${db}.users/`)} + process.pid, '');
      while (Date.now() < end) { const db = new Database(${JSON.stringify(db)}); try {
        db.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; UPDATE pictures SET seed = seed + 1 WHERE id = 'a'; COMMIT"); n++;
      } catch (error) { if (!/locked/.test(error.message)) throw error; } finally { db.close(); } } console.log(n)`;
    const other = spawn(process.execPath, ['-e', script]);
    const said = new Promise<string>((resolve) => other.stdout.on('data', (data) => resolve(String(data))));
    for (let at = 0; at < 20; at++) {
      library.star('b', at % 2 === 1);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const written = Number(await said);
    expect(written).toBeGreaterThan(0);
    expect(library.get('a').seed).toBe(SAMPLE_RECORD.request.seed + written);
    expect(library.get('b').starred).toBe(true);
  });
});

it('lists and searches 2,000 pictures in less than 50 ms', async () => {
  const library = await PictureLibrary.open(folder);
  const rows = Array.from({ length: 2_000 }, (_, at): PictureRow => {
    const id = `p${String(at).padStart(4, '0')}`;
    const model = { id: 'var', name: `Model ${at % 7}` };
    const marks = { starred: at % 3 === 0, board: at % 5 === 0 ? 'Board' : null };
    const entry = { id, createdAt: at, model, labelName: `label ${at}`, seed: at, width: 256, height: 256, ...marks };
    return { entry, file: `pictures/2026-01/${id}.png` };
  });
  openIndex((direct) => {
    direct.exec('BEGIN');
    addPictures(direct, rows);
    direct.exec('COMMIT');
  });
  const timed = (query: Parameters<PictureLibrary['list']>[0]) => {
    // The best of some, because other programs may be at work on the machine.
    const times = Array.from({ length: 12 }, () => {
      const begin = performance.now();
      library.list(query);
      return performance.now() - begin;
    });
    return Math.min(...times);
  };
  expect(library.list({ search: 'label 19', limit: 500 })).toHaveLength(111);
  expect(timed({ limit: 100 })).toBeLessThan(50);
  expect(timed({ search: 'lab mod', limit: 100 })).toBeLessThan(50);
  expect(timed({ search: 'l', starred: true, board: 'Board', limit: 100 })).toBeLessThan(50);
  expect(timed({ before: { createdAt: 1000, id: 'x' }, limit: 100 })).toBeLessThan(50);
});

it('says that a folder cannot be used', async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(PictureLibrary.open(join(folder, 'file'))).rejects.toMatchObject({ code: 'unwritable' });
  await expect(PictureLibrary.open(join(folder, 'x', 'new'))).resolves.toBeInstanceOf(PictureLibrary);
});
