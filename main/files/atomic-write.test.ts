import {
  accessSync,
  chmodSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeAtomic, writeFileAtomic } from './atomic-write.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'underpaint-atomic-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('replaces a file and leaves nothing beside it', async () => {
  const path = join(folder, 'x');
  writeFileSync(path, 'old');
  await writeFileAtomic(path, 'new');
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(readdirSync(folder)).toEqual(['x']);
});

it('keeps the old file when the writer fails, and throws what it threw', async () => {
  const path = join(folder, 'x');
  writeFileSync(path, 'old');
  const failure = new RangeError('stop');
  const writing = writeAtomic(path, async (file) => {
    await file.write('half');
    throw failure;
  });
  await expect(writing).rejects.toBe(failure);
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['x']);
});

it('says when a folder is in the way, and leaves it as it was', async () => {
  mkdirSync(join(folder, 'taken'));
  await expect(writeFileAtomic(join(folder, 'taken'), 'x')).rejects.toMatchObject({
    code: 'unwritable',
    message: expect.stringContaining('it is a folder'),
  });
  expect(readdirSync(folder)).toEqual(['taken']);
});

it.each([
  ['nowhere/x', 'its folder does not exist'],
  ['file/x', 'its folder is not a folder'],
])('says what is wrong with %s', async (path, reason) => {
  writeFileSync(join(folder, 'file'), '');
  await expect(writeFileAtomic(join(folder, path), 'x')).rejects.toMatchObject({
    code: 'unwritable',
    message: expect.stringContaining(reason),
    hint: expect.any(String),
  });
  expect(readdirSync(folder)).toEqual(['file']);
});

it.runIf(process.platform === 'linux')('says that the disk is full', async () => {
  const writing = writeAtomic(join(folder, 'x'), async () => {
    const full = await open('/dev/full', 'w');
    await full.write('x').finally(() => full.close());
  });
  await expect(writing).rejects.toMatchObject({ code: 'disk-full' });
  expect(readdirSync(folder)).toEqual([]);
});

it.each(['ENOSPC', 'EDQUOT'])('says that the disk is full when a write fails with %s', async (code) => {
  const path = join(folder, 'x');
  writeFileSync(path, 'old');
  const writing = writeAtomic(path, async (file) => {
    await file.write('half');
    throw Object.assign(new Error(code), { code });
  });
  await expect(writing).rejects.toMatchObject({ code: 'disk-full', hint: expect.stringContaining('Free') });
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['x']);
});

it('says that a name is too long', async () => {
  await expect(writeFileAtomic(join(folder, 'x'.repeat(300)), 'x')).rejects.toMatchObject({
    code: 'unwritable',
    message: expect.stringContaining('its name is too long'),
  });
  expect(readdirSync(folder)).toEqual([]);
});

it('says that a folder may not be written to', async ({ skip }) => {
  const closed = join(folder, 'closed');
  mkdirSync(closed);
  chmodSync(closed, 0o555);
  skip(isWritable(closed), 'root may write anywhere');
  await expect(writeFileAtomic(join(closed, 'x'), 'x')).rejects.toMatchObject({
    code: 'unwritable',
    message: expect.stringContaining('you may not write there'),
  });
  expect(readdirSync(closed)).toEqual([]);
});

it('lets the last of several writers win, whole', async () => {
  const path = join(folder, 'x');
  const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(100_000));
  await Promise.all(texts.map((text) => writeFileAtomic(path, text)));
  expect(texts).toContain(readFileSync(path, 'utf8'));
  expect(readdirSync(folder)).toEqual(['x']);
});

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
