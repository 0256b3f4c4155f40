import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_OUTPUT } from '../../app/batch/batch-options.ts';
import type { PlanEntry } from '../../app/batch/plan.ts';
import { randomBytes } from '../../app/imaging/testing/random-bytes.ts';
import { openStudio, type Studio } from '../studio.ts';
import { completeRequest } from './control-of-picture.ts';
import { type BatchPicture, prepareBatch } from './prepare-batch.ts';

const golden = (path: string) => fileURLToPath(new URL(`../../test/golden/${path}`, import.meta.url));
/** Follows canny maps of any size. */
const FILES = ['controlar-mr/canny_MR.safetensors', 'vq16/checkpoint.pt', 't5/text-encoder.safetensors'].map(golden);

let folder: string;
let studio: Studio;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-batch-control-'));
  studio = openStudio({ home: join(folder, 'home') });
  await studio.importModel({ files: FILES, id: 'edges' });
});
afterEach(async () => {
  await studio.dispose();
  await rm(folder, { recursive: true });
});

async function photo(name: string, seed: number): Promise<string> {
  const raw = { width: 20, height: 16, channels: 3 } as const;
  await sharp(randomBytes(20 * 16 * 3, seed), { raw })
    .png()
    .toFile(join(folder, name));
  return join(folder, name);
}

const prepare = (entry: PlanEntry) =>
  prepareBatch(studio, { plan: { entries: [entry] }, output: DEFAULT_OUTPUT, engine: {}, model: 'edges' });

it('paints over maps of pictures, and tells other pictures apart', async () => {
  const [a, b] = [await photo('a.png', 1), await photo('b.png', 2)];
  const entry = { prompt: 'a house', control_from: [a, b], low: [50, 100], high: 150 };
  const { pictures, fingerprint } = await prepare(entry);
  expect(pictures).toHaveLength(4);
  expect(new Set(pictures.map(({ key }) => key)).size).toBe(4);
  const [first, second] = await Promise.all(
    [pictures[0], pictures[2]].map((picture) => completeRequest(picture as BatchPicture)),
  );
  expect(first?.control).toMatchObject({ kind: 'canny', image: { width: 20, height: 16 } });
  expect(second?.control).not.toEqual(first?.control);
  expect(first?.settings).not.toHaveProperty('low');
  await photo('b.png', 3);
  expect((await prepare(entry)).fingerprint).not.toBe(fingerprint);
});

it('says which picture lacks its map', async () => {
  await expect(prepare({ prompt: 'a house' })).rejects.toThrow('Picture 1 of the plan: ControlAR');
  await expect(prepare({ prompt: 'a house', control: join(folder, 'nothing.png') })).rejects.toMatchObject({
    code: 'missing-file',
  });
});
