/**
 * Pictures do not depend on the number of threads: engines that share a machine make what one alone makes.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Precision } from '../../app/contracts/engine-api.ts';
import type { ImageEvent } from '../../app/generation/pipeline-event.ts';
import type { Settings } from '../../app/generation/request.ts';
import { loadModel } from '../../main/engine/load-model.ts';
import { openStudio, type Studio } from '../../main/studio.ts';

const { signal } = new AbortController();
const TIMEOUT_MS = 180_000;
let home: string;
let studio: Studio;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'underpaint-threads-'));
  process.env.UNDERPAINT_HOME = home;
  studio = openStudio();
});

afterAll(async () => {
  delete process.env.UNDERPAINT_HOME;
  await studio.dispose();
  await rm(home, { recursive: true, force: true });
});

async function make(id: string, precision: Precision, threads: number, settings: Settings) {
  const { source, folder } = await studio.models.find(id);
  const pipeline = await loadModel({ source, provider: 'cpu', precision, threads });
  let made: ImageEvent | undefined;
  for await (const event of pipeline.generate(
    { model: folder, label: 3, seed: 7, settings },
    { signal, previews: 'linear' },
  )) {
    if (event.type === 'image') made = event;
  }
  const encoded = await pipeline.encode((made as ImageEvent).image);
  await pipeline.dispose();
  return { made, encoded };
}

it.each<[string, Precision, Settings]>([
  ['starter-landscapes', 'fp32', {}],
  ['starter-landscapes', 'fp32', { more_smooth: true }],
  ['starter-landscapes', 'int8', {}],
  ['starter-landscapes', 'int4', {}],
  ['starter-landscapes-flow', 'fp32', {}],
  ['starter-landscapes-flow', 'int8', {}],
])(
  '%s in %s with %o',
  async (id, precision, settings) => {
    const alone = await make(id, precision, 1, settings);
    for (const threads of [2, 3]) expect(await make(id, precision, threads, settings)).toEqual(alone);
  },
  TIMEOUT_MS,
);
