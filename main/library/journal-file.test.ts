import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fields, text } from '../../app/contracts/parse.ts';
import { JournalFile } from './journal-file.ts';

interface Item {
  readonly name: string;
}

const parseItem = fields<Item>({ name: text });
const items = (...names: string[]): Item[] => names.map((name) => ({ name }));

let folder: string;
let path: string;
let journal: JournalFile<Item>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'underpaint-journal-'));
  path = join(folder, 'queue.json');
  journal = new JournalFile(path, parseItem);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('begins empty', async () => {
  expect(await journal.load()).toEqual([]);
  await journal.flush();
  expect(readdirSync(folder)).toEqual([]);
});

it('gives back the last list', async () => {
  journal.save(items('a'));
  journal.save(items('a', 'b'));
  await journal.flush();
  expect(await new JournalFile(path, parseItem).load()).toEqual(items('a', 'b'));
});

it('writes the list as it was when it was saved, and skips all between the first and the last', async () => {
  const list = items('first');
  journal.save(list);
  for (let at = 0; at < 2_000; at++) journal.save(items(`${at}`));
  list.push({ name: 'later' });
  // 2,000 writes with a flush to the disk each would take seconds.
  const begin = performance.now();
  await journal.flush();
  expect(performance.now() - begin).toBeLessThan(2_000);
  expect(await journal.load()).toEqual(items('1999'));
});

it('is whole at any time', async () => {
  const names = Array.from({ length: 2_000 }, (_, at) => `item ${at}`);
  journal.save(items(...names));
  await journal.flush();
  for (let round = 0; round < 20; round++) {
    journal.save(items(...names, `${round}`));
    expect((await new JournalFile(path, parseItem).load()).length).toBeGreaterThanOrEqual(2_000);
  }
  await journal.flush();
  expect(readdirSync(folder)).toEqual(['queue.json']);
});

it('drops bad items and keeps the others', async () => {
  writeFileSync(path, JSON.stringify([{ name: 'a' }, { name: 1 }, null, { name: 'b', more: 1 }]));
  expect(await journal.load()).toEqual(items('a', 'b'));
});

it.each(['[{"name":"a"}', '{"name":"a"}', ''])('keeps a damaged file aside: %j', async (content) => {
  writeFileSync(path, content);
  expect(await journal.load()).toEqual([]);
  expect(readFileSync(join(folder, 'queue.broken.json'), 'utf8')).toBe(content);
});

it('tells with flush that it cannot write, and tries again', async () => {
  mkdirSync(path);
  journal.save(items('a'));
  await expect(journal.flush()).rejects.toMatchObject({ code: 'unwritable' });
  journal.save(items('b'));
  await expect(journal.flush()).rejects.toMatchObject({ code: 'unwritable' });
  rmdirSync(path);
  await journal.flush();
  expect(await journal.load()).toEqual(items('b'));
});
