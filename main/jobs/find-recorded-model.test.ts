import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ModelStore } from '../checkpoints/model-store.ts';
import { findRecordedModel } from './find-recorded-model.ts';
import { fingerprintFiles } from './fingerprint.ts';
import type { PictureRecord } from './picture-record.ts';
import { SAMPLE_RECORD } from './testing/sample-record.ts';

let home: string;
let store: ModelStore;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'underpaint-recorded-'));
  store = new ModelStore({ models: join(home, 'models'), starter: join(home, 'starter') });
  await install('mine', 'weights');
});
afterEach(() => rm(home, { recursive: true }));

async function install(id: string, weights: string): Promise<void> {
  const folder = join(home, 'models', id);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'a.pth'), weights);
  const card = { id, name: id, family: 'var', files: { transformer: 'a.pth' } };
  await writeFile(join(folder, 'card.json'), JSON.stringify(card));
}

async function recordOf(id: string): Promise<PictureRecord> {
  const files = await fingerprintFiles((await store.find('mine')).source.files);
  return { ...SAMPLE_RECORD, model: { id, name: 'The name', family: 'var', files } };
}

it('goes by the files, then by the id', async () => {
  const record = await recordOf('elsewhere');
  expect(await findRecordedModel(store, record)).toMatchObject({ same: true, model: { card: { id: 'mine' } } });
  await install('elsewhere', 'other weights');
  expect(await findRecordedModel(store, record)).toMatchObject({ same: true, model: { card: { id: 'mine' } } });
  await install('mine', 'changed');
  expect(await findRecordedModel(store, record)).toMatchObject({ same: false, model: { card: { id: 'elsewhere' } } });
});

it('says which model is missing', async () => {
  const record = await recordOf('elsewhere');
  await install('mine', 'changed');
  await expect(findRecordedModel(store, record)).rejects.toMatchObject({
    code: 'unknown-model',
    message: 'The picture was made with "The name" (elsewhere), which is not here.',
  });
});
