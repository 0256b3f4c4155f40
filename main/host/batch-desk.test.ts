import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_OUTPUT } from '../../app/batch/batch-options.ts';
import type { BatchOrder, BatchState } from '../../app/batch/batch-order.ts';
import { openStudio, type Studio } from '../studio.ts';
import { BatchDesk } from './batch-desk.ts';

let folder: string;
let studio: Studio;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-desk-'));
  studio = openStudio({ home: folder });
});
afterEach(async () => {
  await studio.dispose();
  await rm(folder, { recursive: true });
});

const order = (entry: BatchOrder['plan']['entries'][number]): BatchOrder => ({
  plan: { entries: [entry] },
  output: DEFAULT_OUTPUT,
  out: join(folder, 'pictures'),
  model: null,
  sheet: false,
  acceptChanges: false,
});

it('counts, paints, refuses a second one, stops, is remembered and goes on', async () => {
  const options = { provider: 'cpu' } as const;
  const desk = await BatchDesk.open(studio, options, folder);
  const states: BatchState[] = [];
  desk.watch((state) => void states.push(state));
  const wanted = order({ label: 'desert', seed: '1..6' });
  expect(await desk.count(wanted, new AbortController().signal)).toMatchObject({ count: 6, done: 0 });
  await expect(desk.start(order({ label: 'sand' }))).rejects.toMatchObject({ code: 'unknown-label' });

  await desk.start(wanted);
  await expect(desk.start(wanted)).rejects.toThrow('A batch is being painted already.');
  await expect.poll(() => states.at(-1)?.done, { timeout: 60_000 }).toBeGreaterThan(0);
  await desk.stop();
  expect(states.at(-1)).toMatchObject({ phase: 'stopped', count: 6, error: null });

  // As a program that was killed while it painted leaves it.
  const file = join(folder, 'batch.json');
  await writeFile(file, (await readFile(file, 'utf8')).replace('"stopped"', '"running"'));
  const next = await BatchDesk.open(studio, options, folder);
  next.watch((state) => void states.push(state));
  expect(states.at(-1)).toMatchObject({ phase: 'stopped', order: wanted });
  await next.start(states.at(-1)?.order as BatchOrder);
  await expect.poll(() => states.at(-1)?.phase, { timeout: 60_000 }).toBe('done');
  expect(states.at(-1)).toMatchObject({ done: 6, count: 6, failed: [] });
});

it('tells what ended a batch', async () => {
  const desk = await BatchDesk.open(studio, {}, folder);
  await writeFile(join(folder, 'pictures'), 'a file');
  const states: BatchState[] = [];
  desk.watch((state) => void states.push(state));
  await desk.start(order({ label: 'desert' }));
  await expect.poll(() => states.at(-1)?.phase, { timeout: 60_000 }).toBe('failed');
  expect(states.at(-1)?.error).toMatchObject({ code: 'unwritable' });
});
