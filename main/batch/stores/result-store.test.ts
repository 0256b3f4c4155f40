import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DEFAULT_OUTPUT } from '../../../app/batch/batch-options.ts';
import { readPictureRecord } from '../../jobs/picture-file.ts';
import type { BatchModel } from '../prepare-batch.ts';
import { runBatch } from '../run-batch.ts';
import { createFakeEngine, prepareFakeBatch } from '../testing/fake-engine.ts';
import { S3Server } from '../testing/s3-server.ts';
import { openStore } from './open-store.ts';

let folder: string;
let s3: S3Server;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-store-'));
  s3 = await S3Server.start('pictures');
  vi.stubEnv('AWS_ENDPOINT_URL_S3', s3.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await s3.stop();
  await rm(folder, { recursive: true });
});

describe.each([
  ['a folder', () => join(folder, 'new/place')],
  ['a bucket', () => 's3://pictures/tonight'],
])('%s', (_, place) => {
  it('keeps files, tells which are there, and removes them', async () => {
    const store = await openStore(place());
    const names = ['a.png', 'b/c d.png', 'b/é.json', 'z.webp'];
    expect(await store.existing(names)).toEqual(new Set());
    for (const name of names) await store.write(name, Buffer.from(name));
    await store.write('a.png', Buffer.from('other'));
    expect(await store.existing([...names, 'none.png', 'b/none.png'])).toEqual(new Set(names));
    expect(Buffer.from((await store.read('a.png')) ?? []).toString()).toBe('other');
    expect(await store.read('none.png')).toBeUndefined();
    await store.remove('a.png');
    await store.remove('none.png');
    expect(await store.existing(names)).toEqual(new Set(names.slice(1)));
    store.dispose();
  });

  it('holds a batch that goes on', async () => {
    const batch = await prepareFakeBatch({
      plan: { entries: [{ label: 'lake', seed: '1..7' }] },
      output: { ...DEFAULT_OUTPUT, format: 'webp', name: 'batch/{seed}' },
      engine: { provider: 'cpu', precision: 'fp32', previews: 'linear' },
    });
    const store = await openStore(place());
    const engines = [createFakeEngine()];
    const run = {
      batch,
      store,
      assembleTeam: async (model: BatchModel) => ({ engines, model }),
      sharesEngine: false,
      retries: 0,
      acceptChanges: false,
      onEvent: () => {},
      signal: new AbortController().signal,
    };
    expect(await runBatch(run)).toMatchObject({ made: 7, failed: [] });
    await store.remove('batch/3.webp');
    expect(await runBatch(run)).toMatchObject({ made: 1, failed: [] });
    const record = await readPictureRecord((await store.read('batch/3.webp')) ?? new Uint8Array());
    expect(record.request.seed).toBe(3);
    store.dispose();
  });
});

it('tells a bucket what kind its files are', () => {
  expect(s3.types.get('tonight/batch/3.webp')).toBe('image/webp');
});

it('says what is wrong with a bucket', async () => {
  const store = await openStore('s3://holidays');
  await expect(store.existing(['a'])).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringContaining('NoSuchBucket'),
    hint: expect.stringContaining('AWS_ENDPOINT_URL_S3'),
  });
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'nobody');
  const stranger = await openStore('s3://pictures');
  await expect(stranger.write('a', Buffer.from('a'))).rejects.toThrow('AccessDenied');
  await expect(openStore('s3:pictures')).rejects.toMatchObject({ code: 'bad-request' });
});

it('never leaves its folder', async () => {
  const store = await openStore(join(folder, 'inside'));
  await expect(store.write('../outside.png', Buffer.from(''))).rejects.toThrow('leads out');
  await writeFile(join(folder, '.1.partial'), '');
  await store.sweep(['a.png']);
  expect(await readdir(folder)).toContain('.1.partial');
});
