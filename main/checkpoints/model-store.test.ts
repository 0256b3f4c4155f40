import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModelStore } from './model-store.ts';

let home: string;
let store: ModelStore;

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'underpaint-store-')));
  store = new ModelStore({ models: join(home, 'models'), starter: join(home, 'starter') });
});
afterEach(() => rm(home, { recursive: true }));

/** A model's folder with its card; checkpoints are not looked into when the card names them. */
async function install(
  folder: string,
  card: object,
  files: Record<string, string> = { 'a.pth': 'aaa' },
): Promise<string> {
  const path = join(home, folder);
  await mkdir(path, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  await writeFile(join(path, 'card.json'), JSON.stringify(card));
  return path;
}

const named = (id: string) => ({ id, name: `Model ${id}`, family: 'var', files: { transformer: 'a.pth' } });

describe('list', () => {
  it('is empty on a new machine', async () => {
    expect(await store.list()).toEqual([]);
  });

  it('has the models of the program first, and broken ones with their problem', async () => {
    await install('models/b', named('b'));
    await install('starter/z', { ...named('z'), license: 'MIT' });
    await install('models/gone', { ...named('gone'), files: { transformer: '/nowhere/x.pth' } });
    await install('models/broken', { id: 7 });
    await mkdir(join(home, 'models/empty'));
    const entries = await store.list();
    expect(entries.map(({ id, builtIn, size, license, problem }) => [id, builtIn, size, license, problem])).toEqual([
      ['z', true, 3, 'MIT', undefined],
      ['b', false, 3, undefined, undefined],
      [join(home, 'models/broken'), false, 0, undefined, expect.stringContaining('card.json.id must be a text')],
      ['gone', false, 0, undefined, expect.stringContaining('not there any more: /nowhere/x.pth')],
    ]);
  });
});

it('lists the default model of the program before its others', async () => {
  for (const folder of ['flowar', 'var', 'zebra']) await install(`starter/${folder}`, named(folder));
  expect((await store.list()).map(({ id }) => id)).toEqual(['var', 'flowar', 'zebra']);
  expect((await store.find(undefined)).card.id).toBe('var');
  expect((await store.find('flowar')).card.id).toBe('flowar');
});

describe('find', () => {
  it('finds the model of the program, ids and folders', async () => {
    await install('starter/var', named('starter'));
    const folder = await install('models/mine', {
      ...named('mine'),
      defaults: { cfg: 2 },
      labels: ['x'],
      preview: [1],
    });
    expect((await store.find(undefined)).card.id).toBe('starter');
    const model = await store.find('mine');
    expect(model.source).toEqual({
      id: 'mine',
      files: [join(folder, 'a.pth')],
      labels: ['x'],
      defaults: { cfg: 2 },
      preview: [1],
    });
    expect(await store.find(folder)).toEqual(model);
  });

  it('takes labels from the known list or from labels.json', async () => {
    const labels = JSON.stringify({ labels: ['lake', 'wood'] });
    await install('models/own', named('own'), { 'a.pth': '', 'labels.json': labels });
    await install('models/net', { ...named('net'), labels: 'imagenet' });
    expect((await store.find('own')).source.labels).toEqual(['lake', 'wood']);
    expect((await store.find('net')).source.labels[207]).toBe('golden retriever');
  });

  it('says what may have been meant', async () => {
    await install('models/var_d16', named('var_d16'));
    await expect(store.find('var_16d')).rejects.toMatchObject({
      code: 'unknown-model',
      hint: 'Did you mean var_d16?',
    });
    await expect(store.find(join(home, 'models/var_d16/a.pth'))).rejects.toMatchObject({
      code: 'unknown-model',
      message: expect.stringContaining('is a file'),
    });
    await expect(store.find(undefined)).rejects.toMatchObject({ code: 'unknown-model' });
  });

  it('says what is wrong with a folder', async () => {
    const empty = join(home, 'empty');
    await mkdir(empty);
    await expect(store.find(empty)).rejects.toMatchObject({ code: 'not-a-model' });
    const gone = await install('models/gone', { ...named('gone'), files: { tokenizer: 'vae.pth' } });
    await expect(store.find('gone')).rejects.toMatchObject({
      code: 'missing-file',
      message: expect.stringContaining(gone),
    });
    const broken = await install('models/broken', named('broken'), { 'a.pth': '', 'labels.json': '[' });
    await expect(store.find(broken)).rejects.toMatchObject({ code: 'corrupt-input' });
  });
});

it('refuses ids that would lead out of the folder', () => {
  expect(store.folderOf('mine')).toBe(join(home, 'models', 'mine'));
  for (const id of ['../x', '', 'a/b', '.']) expect(() => store.folderOf(id)).toThrow('cannot be the id');
});
