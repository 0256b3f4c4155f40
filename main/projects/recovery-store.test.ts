import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RecoveryStore } from './recovery-store.ts';
import { type RandomPainting, randomPainting } from './testing/random-painting.ts';

let folder: string;
let store: RecoveryStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-recovery-'));
  store = new RecoveryStore(folder);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const save = ({ document, packed }: RandomPainting, tiles = packed) =>
  store.save('p1', { document, path: null, extras: 'x', saved: false }, tiles);

it('brings back what was kept last, in another program too', async () => {
  const painting = randomPainting(['0,0', '2,1']);
  await save(painting);
  const other = new RecoveryStore(folder);
  expect(await other.list()).toMatchObject([{ id: 'p1', name: 'Lake' }]);
  const { tiles, ...kept } = await other.load('p1');
  expect(kept).toEqual({ document: painting.document, path: null, extras: 'x', saved: false });
  expect(tiles).toEqual(painting.packed);
  await other.discard('p1');
  expect(await other.list()).toEqual([]);
});

it('needs tiles only once, and deletes those that no save needs', async () => {
  const first = randomPainting(['0,0'], 1);
  const second = randomPainting(['0,0'], 2);
  await save(first);
  await save(first, new Map());
  await save(second);
  await save(second, new Map());
  expect(await readdir(join(folder, 'p1', 'tiles'))).toEqual([...second.packed.keys()]);
});

it('refuses a painting with tiles that were never sent, and keeps the one before', async () => {
  const painting = randomPainting(['0,0']);
  await save(painting);
  await expect(save(randomPainting(['1,1']), new Map())).rejects.toMatchObject({ code: 'bad-request' });
  expect((await store.load('p1')).document).toEqual(painting.document);
});

it('has the older one when it ended between tiles and document', async () => {
  const painting = randomPainting(['0,0']);
  await save(painting);
  await writeFile(join(folder, 'p1', 'tiles', 'newtile'), 'half');
  await writeFile(join(folder, 'p1', '.x.partial'), '{"half');
  expect((await new RecoveryStore(folder).load('p1')).document).toEqual(painting.document);
});

it('lists the others when one is damaged', async () => {
  await save(randomPainting(['0,0']));
  const { document } = randomPainting([]);
  await store.save('p2', { document, path: '/a.underpaint', extras: '', saved: true }, new Map());
  await writeFile(join(folder, 'p1', 'painting.json'), '{');
  expect((await store.list()).map(({ id }) => id)).toEqual(['p2']);
  await expect(store.load('p1')).rejects.toMatchObject({ code: 'corrupt-input' });
  await expect(store.load('none')).rejects.toMatchObject({ code: 'missing-file' });
});

it('takes no ids that are paths', async () => {
  const { document } = randomPainting([]);
  const saving = store.save('../evil', { document, path: null, extras: '', saved: false }, new Map());
  await expect(saving).rejects.toMatchObject({ code: 'bad-request' });
  await expect(store.load('..')).rejects.toMatchObject({ code: 'bad-request' });
});

it('saves of one painting follow each other', async () => {
  const paintings = [1, 2, 3, 4].map((seed) => randomPainting(['0,0'], seed));
  await Promise.all(paintings.map((painting) => save(painting)));
  expect((await store.load('p1')).document).toEqual(paintings[3]?.document);
});
