import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StudioError } from '../../app/base/errors.ts';
import { readProject, writeProject } from './project-file.ts';
import { randomPainting } from './testing/random-painting.ts';
import { unpackTile } from './tile-codec.ts';
import { readArchive, writeArchive } from './zip-archive.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-project-'));
  path = join(folder, 'lake.underpaint');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const painting = randomPainting(['1,0', '3,2', '5,3']);
const { document, pixels, packed } = painting;
const tile = async (id: string) => packed.get(id) as Uint8Array;

async function parts(): Promise<Map<string, Uint8Array>> {
  await writeProject(path, { document, tile, extras: '{}' });
  return readArchive(path, { entries: 20, entryBytes: 1e8, totalBytes: 1e9, isName: () => true });
}

function rewrite(contents: Iterable<[string, Uint8Array]>): Promise<void> {
  return writeArchive(
    path,
    [...contents].map(([name, bytes]) => ({ name, bytes, compress: true })),
  );
}

it('brings back every layer to the bit', async () => {
  await writeProject(path, { document, tile, extras: '{"a":1}' });
  const loaded = await readProject(path);
  expect(loaded.extras).toBe('{"a":1}');
  const [sky, mask] = loaded.document.layers;
  expect(mask).toEqual(document.layers[1]);
  expect(Object.keys(sky?.tiles ?? {}).sort()).toEqual(['1,0', '3,2', '5,3']);
  for (const [place, id] of Object.entries(document.layers[0]?.tiles ?? {})) {
    const bytes = loaded.tiles.get(sky?.tiles[place] as string) as Uint8Array;
    expect(Buffer.from(unpackTile(bytes)).equals(pixels.get(id) as Uint8Array)).toBe(true);
  }
  expect(await readdir(folder)).toEqual(['lake.underpaint']);
});

it('makes the same file of the same painting', async () => {
  await writeProject(path, { document, tile, extras: '' });
  const first = await readFile(path);
  await writeProject(path, { document, tile, extras: '' });
  expect((await readFile(path)).equals(first)).toBe(true);
});

it('leaves the old file when a tile cannot be had', async () => {
  await writeProject(path, { document, tile, extras: 'old' });
  const broken = async () => {
    throw new Error('gone');
  };
  await expect(writeProject(path, { document, tile: broken, extras: 'new' })).rejects.toThrow('gone');
  expect((await readProject(path)).extras).toBe('old');
  const nowhere = writeProject(join(folder, 'no', 'x'), { document, tile, extras: '' });
  await expect(nowhere).rejects.toMatchObject({ code: 'unwritable' });
  expect(await readdir(folder)).toEqual(['lake.underpaint']);
});

describe('a hostile or damaged file', () => {
  const refused = () => expect(readProject(path)).rejects.toMatchObject({ code: 'corrupt-input' });

  it('without a layer’s picture names the layer', async () => {
    const contents = await parts();
    await rewrite([...contents].filter(([name]) => !name.startsWith('layers/')));
    await expect(readProject(path)).rejects.toThrow('“Sky” is missing');
  });

  it.each(['../evil', '/etc/passwd', 'layers/../../x.png', 'other.txt'])('with a part %s', async (name) => {
    const contents = [...(await parts()), [`${'x'.repeat(name.length)}`, new Uint8Array(3)] as [string, Uint8Array]];
    await rewrite(contents);
    const bytes = await readFile(path);
    const renamed = Buffer.from(bytes.toString('latin1').replaceAll('x'.repeat(name.length), name), 'latin1');
    await writeFile(path, renamed);
    await refused();
  });

  it('with a part twice', async () => {
    const contents = [...(await parts())];
    await rewrite([...contents, contents[1] as [string, Uint8Array]]);
    await refused();
  });

  it('with a part that is far larger than it says', async () => {
    await rewrite([...(await parts()), ['extras.json', new Uint8Array(600 * 2 ** 20)]]);
    await refused();
  });

  it('with a layer of huge sides', async () => {
    const contents = await parts();
    const name = [...contents.keys()].find((key) => key.startsWith('layers/')) as string;
    const huge = sharp({ create: { width: 9000, height: 10, channels: 4, background: '#0000' } });
    contents.set(name, new Uint8Array(await huge.png().toBuffer()));
    await rewrite(contents);
    await refused();
  });

  it('of a newer version says to update', async () => {
    const contents = await parts();
    const json = JSON.parse(Buffer.from(contents.get('document.json') as Uint8Array).toString());
    json.document.version = 9;
    contents.set('document.json', new Uint8Array(Buffer.from(JSON.stringify(json))));
    await rewrite(contents);
    await expect(readProject(path)).rejects.toMatchObject({ hint: expect.stringContaining('update') });
  });

  it('of any damage is refused or read, and nothing else', async () => {
    await writeProject(path, {
      document: randomPainting(['0,0']).document,
      tile: async () => [...packed.values()][0]!,
      extras: '',
    });
    const whole = await readFile(path);
    let state = 7;
    const random = (limit: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state % limit;
    };
    for (let round = 0; round < 60; round++) {
      const damaged = Buffer.from(round % 3 === 0 ? whole.subarray(0, random(whole.length)) : whole);
      for (let i = 0; i < 4 && damaged.length > 0; i++) damaged[random(damaged.length)] = random(256);
      // The list of parts lies at the end, where damage does the most.
      if (damaged.length > 300) damaged[damaged.length - 1 - random(300)] = random(256);
      await writeFile(path, damaged);
      await readProject(path).catch((error) => expect(error).toBeInstanceOf(StudioError));
    }
  });
});
