import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { brokenPath, loadJson, saveJsonText } from './json-file.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'underpaint-json-'));
  path = join(folder, 'x.json');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const same = (value: unknown) => value;

it('gives back what was saved, also into a folder that was not there', async () => {
  const deep = join(folder, 'a', 'b', 'x.json');
  await saveJsonText(deep, '{"a":1}');
  expect(await loadJson(deep, same)).toEqual({ a: 1 });
  expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['x.json']);
});

it('finds nothing where nothing is', async () => {
  expect(await loadJson(path, same)).toBeUndefined();
  expect(await loadJson(join(folder, 'nowhere', 'x.json'), same)).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});

it.each(['', '{"a":', '\0\0\0\0', '\xff\xfe'])('keeps a damaged file aside: %j', async (content) => {
  writeFileSync(path, content, 'latin1');
  expect(await loadJson(path, same)).toBeUndefined();
  expect(readdirSync(folder)).toEqual(['x.broken.json']);
  expect(readFileSync(brokenPath(path), 'latin1')).toBe(content);
});

it('keeps a file aside that the parser refuses, over an older one', async () => {
  writeFileSync(brokenPath(path), 'older');
  writeFileSync(path, '[1]');
  const refuse = () => {
    throw new TypeError('no');
  };
  expect(await loadJson(path, refuse)).toBeUndefined();
  expect(readFileSync(brokenPath(path), 'utf8')).toBe('[1]');
});

it('says what is wrong with a folder in its place, and leaves it', async () => {
  mkdirSync(path);
  await expect(loadJson(path, same)).rejects.toMatchObject({ code: 'corrupt-input', hint: expect.any(String) });
  await expect(saveJsonText(path, '1')).rejects.toMatchObject({ code: 'unwritable' });
  await expect(saveJsonText(join(path, 'x', 'y'), '1')).resolves.toBeUndefined();
  writeFileSync(join(folder, 'file'), '');
  await expect(saveJsonText(join(folder, 'file', 'y'), '1')).rejects.toMatchObject({ code: 'unwritable' });
});
