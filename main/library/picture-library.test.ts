import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PictureEntry } from '../../app/library/picture-entry.ts';
import { encodePlainPng } from '../jobs/png.ts';
import { SAMPLE_RECORD } from '../jobs/testing/sample-record.ts';
import type { Picture } from '../jobs/write-picture.ts';
import { PictureLibrary } from './picture-library.ts';

let folder: string;
let library: PictureLibrary;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'underpaint-library-'));
  library = await PictureLibrary.open(folder);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function picture(labelName: string | null = 'alpine läke', width = 8, height = 6): Picture {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, at) => (at * 7) % 256);
  return {
    image: { width, height, data },
    record: { ...SAMPLE_RECORD, request: { ...SAMPLE_RECORD.request, labelName } },
  };
}

const names = (entries: readonly PictureEntry[]) => entries.map(({ labelName }) => labelName);

/** Adds pictures one ms apart at least, so that their order is sure. */
async function addAll(...labels: string[]): Promise<PictureEntry[]> {
  const added: PictureEntry[] = [];
  for (const label of labels) {
    added.push(await library.add(picture(label)));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return added;
}

const ago = (file: string, seconds: number) => {
  const time = Date.now() / 1000 - seconds;
  utimesSync(file, time, time);
};

describe('a picture', () => {
  it('is kept with all that is known of it', async () => {
    const begin = Date.now();
    const entry = await library.add(picture());
    expect(entry).toEqual({
      id: expect.stringMatching(/^[0-9a-z]{21}$/),
      createdAt: expect.any(Number),
      model: { id: 'var', name: 'Startermodell' },
      labelName: 'alpine läke',
      seed: 7,
      width: 8,
      height: 6,
      starred: false,
      board: null,
    });
    expect(entry.createdAt).toBeGreaterThanOrEqual(begin);
    expect(library.get(entry.id)).toEqual(entry);
    expect(await library.record(entry.id)).toEqual(SAMPLE_RECORD);
    const path = library.file(entry.id);
    expect(isAbsolute(path)).toBe(true);
    const month = new Date(entry.createdAt).toISOString().slice(0, 7);
    expect(path).toBe(join(folder, 'pictures', month, `${entry.id}.png`));
    expect([...(await sharp(path).raw().toBuffer())]).toEqual([...picture().image.data]);
  });

  it('has a thumbnail of at most 256 pixels, and no larger one than itself', async () => {
    const large = await library.add(picture('wide', 600, 300));
    const small = await library.add(picture());
    expect(await sharp(await library.thumbnail(large.id)).metadata()).toMatchObject({
      format: 'png',
      width: 256,
      height: 128,
    });
    expect(await sharp(await library.thumbnail(small.id)).metadata()).toMatchObject({ width: 8, height: 6 });
  });

  it('keeps the pictures of its scales in order', async () => {
    const frames = await Promise.all([1, 2, 3].map((side) => encodePlainPng(picture('x', side, side).image)));
    const { id } = await library.add(picture(), { frames });
    expect(library.frames(id).map((png) => Buffer.from(png))).toEqual(frames);
    expect(library.frames((await library.add(picture())).id)).toEqual([]);
  });

  it('takes the place of the one with its id, and keeps its marks', async () => {
    const first = await library.add(picture('first'), { id: 'job-1', frames: [new Uint8Array(1), new Uint8Array(2)] });
    library.star('job-1', true);
    const second = await library.add(picture('second', 4, 4), { id: 'job-1', frames: [new Uint8Array(3)] });
    expect(second).toEqual({ ...first, labelName: 'second', width: 4, height: 4, starred: true });
    expect(library.frames('job-1')).toEqual([new Uint8Array(3)]);
    expect(names(library.list({ search: 'second', limit: 9 }))).toEqual(['second']);
    expect(library.list({ search: 'first', limit: 9 })).toEqual([]);
  });

  it.each(['../x', 'a/b', '', 'x'.repeat(65)])('may not be called %j', async (id) => {
    await expect(library.add(picture(), { id })).rejects.toMatchObject({ code: 'bad-request' });
    expect(readdirSync(join(folder, 'pictures'))).toEqual([]);
  });

  it('is removed with its file, also when that is gone', async () => {
    const [one, two] = await addAll('one', 'two');
    const path = library.file(one!.id);
    await library.remove(one!.id);
    expect(existsSync(path)).toBe(false);
    rmSync(library.file(two!.id));
    await library.remove(two!.id);
    await library.remove(two!.id);
    expect(library.list({ limit: 9 })).toEqual([]);
    expect(library.list({ search: 'one', limit: 9 })).toEqual([]);
  });

  it('that is not there is told of', async () => {
    const missing = { code: 'missing-file' };
    expect(() => library.get('x')).toThrow(expect.objectContaining(missing));
    expect(() => library.file('x')).toThrow(expect.objectContaining(missing));
    expect(() => library.frames('x')).toThrow(expect.objectContaining(missing));
    expect(() => library.star('x', true)).toThrow(expect.objectContaining(missing));
    expect(() => library.setBoard('x', 'b')).toThrow(expect.objectContaining(missing));
    await expect(library.thumbnail('x')).rejects.toMatchObject(missing);
    const { id } = await library.add(picture());
    rmSync(library.file(id));
    await expect(library.record(id)).rejects.toMatchObject(missing);
  });

  it('that cannot be written is not in the list', async () => {
    rmSync(join(folder, 'pictures'), { recursive: true });
    writeFileSync(join(folder, 'pictures'), '');
    await expect(library.add(picture())).rejects.toMatchObject({ code: 'unwritable' });
    expect(library.list({ limit: 9 })).toEqual([]);
  });
});

describe('the list', () => {
  it('is newest first, in pages that go on where the last one ended, though that entry is gone', async () => {
    await addAll('a', 'b', 'c', 'd', 'e');
    const first = library.list({ limit: 2 });
    expect(names(first)).toEqual(['e', 'd']);
    await library.remove(first[1]!.id);
    const second = library.list({ before: first[1], limit: 2 });
    expect(names(second)).toEqual(['c', 'b']);
    expect(names(library.list({ before: second[1], limit: 2 }))).toEqual(['a']);
  });

  it('can be of starred pictures, of a board, or both', async () => {
    const [a, b, c] = await addAll('a', 'b', 'c');
    library.star(a!.id, true);
    library.star(b!.id, true);
    library.star(b!.id, false);
    library.setBoard(a!.id, '  Alpine \n sketches ');
    library.setBoard(c!.id, 'Alpine sketches');
    expect(names(library.list({ starred: true, limit: 9 }))).toEqual(['a']);
    expect(names(library.list({ starred: false, limit: 9 }))).toEqual(['c', 'b', 'a']);
    expect(names(library.list({ board: 'Alpine sketches', limit: 9 }))).toEqual(['c', 'a']);
    expect(names(library.list({ board: 'Alpine sketches', starred: true, limit: 9 }))).toEqual(['a']);
    expect(names(library.list({ search: 'sket', starred: true, limit: 9 }))).toEqual(['a']);
  });

  it('refuses queries that make no sense', () => {
    expect(() => library.list({ limit: 0 })).toThrow(expect.objectContaining({ code: 'bad-request' }));
    expect(() => library.list({ limit: 1e9 })).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });
});

describe('boards', () => {
  it('are counted, and end with their last picture', async () => {
    const [a, b, c] = await addAll('a', 'b', 'c');
    library.setBoard(a!.id, 'Zebras');
    library.setBoard(b!.id, 'birds');
    library.setBoard(c!.id, 'birds');
    expect(library.boards()).toEqual([
      { name: 'birds', count: 2 },
      { name: 'Zebras', count: 1 },
    ]);
    library.setBoard(a!.id, null);
    await library.remove(c!.id);
    expect(library.boards()).toEqual([{ name: 'birds', count: 1 }]);
    expect(library.list({ search: 'zebras', limit: 9 })).toEqual([]);
  });

  it.each(['', '  ', 'x'.repeat(81)])('are not called %j', async (board) => {
    const { id } = await library.add(picture());
    expect(() => library.setBoard(id, board)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });
});

describe('the search', () => {
  beforeEach(() => addAll('alpine läke', 'lake "Bled"', 'red-billed starling'));

  it.each([
    ['lak', ['lake "Bled"', 'alpine läke']],
    ['LÄKE', ['lake "Bled"', 'alpine läke']],
    ['al la', ['alpine läke']],
    ['lake starter', ['lake "Bled"', 'alpine läke']],
    ['pine', []],
    ['"Bled"', ['lake "Bled"']],
    ['red-bill', ['red-billed starling']],
    ['red -starling', ['red-billed starling']],
    ['lake OR starling', []],
    ['label: lake', []],
    ['lake* NOT "', []],
    ['" OR 1 --', []],
    ['(', []],
    ['la\0ke', []],
    ['   ', ['red-billed starling', 'lake "Bled"', 'alpine läke']],
    ['', ['red-billed starling', 'lake "Bled"', 'alpine läke']],
    ['lake '.repeat(10_000), ['lake "Bled"', 'alpine läke']],
  ])('finds by %j', (search, expected) => {
    expect(names(library.list({ search, limit: 9 }))).toEqual(expected);
  });

  it('finds boards as they are now', async () => {
    const [entry] = library.list({ limit: 1 });
    library.setBoard(entry!.id, 'Vögel');
    expect(library.list({ search: 'voge', limit: 9 })).toHaveLength(1);
    library.setBoard(entry!.id, 'Birds');
    expect(library.list({ search: 'voge', limit: 9 })).toEqual([]);
  });
});

describe('files', () => {
  it('that came, went or are not ours are seen at the next start', async () => {
    const [a, b, c] = await addAll('a', 'b', 'c');
    library.star(a!.id, true);
    const copy = join(dirname(library.file(b!.id)), 'copied.png');
    writeFileSync(copy, readFileSync(library.file(b!.id)));
    ago(copy, 60);
    rmSync(library.file(c!.id));
    writeFileSync(join(dirname(copy), 'foreign.png'), await encodePlainPng(picture().image));
    writeFileSync(join(dirname(copy), 'damaged.png'), readFileSync(copy).subarray(0, 100));
    mkdirSync(join(dirname(copy), 'folder.png'));
    mkdirSync(join(folder, 'pictures', 'other'));
    const again = await PictureLibrary.open(folder);
    expect(again.list({ limit: 9 }).map(({ id, starred }) => [id, starred])).toEqual([
      [b!.id, false],
      [a!.id, true],
      ['copied', false],
    ]);
    expect(await sharp(await again.thumbnail('copied')).metadata()).toMatchObject({ width: 8, height: 6 });
    expect(existsSync(join(dirname(copy), 'foreign.png'))).toBe(true);
  });
});
