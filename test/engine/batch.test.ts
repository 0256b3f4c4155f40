/**
 * Pictures that are made at once are those that are made alone.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Precision } from '../../app/contracts/engine-api.ts';
import type { ImageEvent, StepEvent } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest, KeptTokens } from '../../app/generation/request.ts';
import { openCheckpoint } from '../../main/checkpoints/open-checkpoint.ts';
import { loadModel } from '../../main/engine/load-model.ts';
import { createOrtRuntime } from '../../main/engine/ort/ort-runtime.ts';
import { openStudio, type Studio } from '../../main/studio.ts';
import type { Pipeline } from '../../native-models/pipeline.ts';
import { loadPipeline } from '../../native-models/registry.ts';

const { signal } = new AbortController();
const TIMEOUT_MS = 180_000;
let home: string;
let studio: Studio;
let model: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'underpaint-batch-'));
  process.env.UNDERPAINT_HOME = home;
  studio = openStudio();
  model = (await studio.models.find(undefined)).folder;
});

afterAll(async () => {
  delete process.env.UNDERPAINT_HOME;
  await studio.dispose();
  await rm(home, { recursive: true, force: true });
});

async function load(precision: Precision): Promise<Pipeline> {
  const { source } = await studio.models.find(undefined);
  return loadModel({ source, provider: 'cpu', precision });
}

/** With the rows of every run of the transformer's blocks. */
async function loadCounted(): Promise<{ pipeline: Pipeline; rows: number[] }> {
  const { source } = await studio.models.find(undefined);
  const runtime = createOrtRuntime({ provider: 'cpu', precision: 'fp32' });
  const rows: number[] = [];
  const createSession: typeof runtime.createSession = async (model, options) => {
    const session = await runtime.createSession(model, options);
    if (model.name !== 'var/blocks') return session;
    const run: typeof session.run = (feeds, wanted) => {
      rows.push(feeds.x?.shape[0] as number);
      return session.run(feeds, wanted);
    };
    return { run, dispose: () => session.dispose() };
  };
  const indexes = await Promise.all(source.files.map(openCheckpoint));
  return { pipeline: await loadPipeline(indexes, source, { ...runtime, createSession }), rows };
}

function request(label: number | null, seed: number, more: Partial<GenerationRequest> = {}): GenerationRequest {
  return { model, label, seed, settings: {}, ...more };
}

interface Made {
  readonly image: ImageEvent;
  readonly steps: readonly StepEvent[];
}

async function makeTogether(pipeline: Pipeline, requests: readonly GenerationRequest[]): Promise<Made[]> {
  const steps: StepEvent[][] = requests.map(() => []);
  const images: ImageEvent[] = [];
  for await (const { picture, event } of pipeline.generateBatch(requests, { signal, previews: 'linear' })) {
    if (event.type === 'image') images[picture] = event;
    if (event.type === 'step') steps[picture]?.push(event);
  }
  return images.map((image, i) => ({ image, steps: steps[i] as StepEvent[] }));
}

async function makeAlone(requests: readonly GenerationRequest[]): Promise<Made[]> {
  const pipeline = await load('fp32');
  const made: Made[] = [];
  for (const one of requests) made.push(...(await makeTogether(pipeline, [one])));
  await pipeline.dispose();
  return made;
}

/** Keeps the first `scales` scales of a picture. */
function keepScales(pipeline: Pipeline, tokens: Int32Array, scales: number): KeptTokens {
  const { tokensPerStep } = pipeline.describe();
  const count = tokensPerStep.slice(0, scales).reduce((sum, step) => sum + step, 0);
  return { tokens, mask: Uint8Array.from(tokens, (_, i) => (i < count ? 1 : 0)) };
}

it(
  'different classes, seeds, settings and kept tokens, to the bit',
  async () => {
    const pipeline = await load('fp32');
    const [parent] = await makeTogether(pipeline, [request(3, 5)]);
    const kept = keepScales(pipeline, parent!.image.tokens, 4);
    const requests = [
      request(3, 6, { kept }),
      request(7, 1),
      request(null, 2, { settings: { cfg: 0, top_k: 0, top_p: 0 } }),
      request(7, 3, { settings: { more_smooth: true } }),
      request(3, 5),
    ];
    expect(await makeTogether(pipeline, requests)).toEqual(await makeAlone(requests));
    await pipeline.dispose();
  },
  TIMEOUT_MS,
);

it(
  'variations of one prefix, whose keys and values are there, to the bit',
  async () => {
    const pipeline = await load('fp32');
    const [parent] = await makeTogether(pipeline, [request(3, 5)]);
    const kept = keepScales(pipeline, parent!.image.tokens, 6);
    const requests = [11, 12, 13].map((seed) => request(3, seed, { kept }));
    const together = await makeTogether(pipeline, requests);
    expect(together).toEqual(await makeAlone(requests));
    const deeper = request(3, 20, { kept: keepScales(pipeline, together[1]!.image.tokens, 8) });
    expect(await makeTogether(pipeline, [deeper])).toEqual(await makeAlone([deeper]));
    await pipeline.dispose();
  },
  TIMEOUT_MS,
);

it(
  'variations of one prefix that nobody has run: it is run once, to the bit',
  async () => {
    const parents = await load('fp32');
    const [parent] = await makeTogether(parents, [request(3, 5)]);
    const kept = keepScales(parents, parent!.image.tokens, 6);
    await parents.dispose();
    const requests = [11, 12, 13].map((seed) => request(3, seed, { kept }));
    const { pipeline, rows } = await loadCounted();
    const together = await makeTogether(pipeline, requests);
    await pipeline.dispose();
    const scales = pipeline.describe().tokensPerStep.length;
    // Guided: two rows for a picture.
    expect(rows).toEqual(Array.from({ length: scales }, (_, scale) => (scale < 6 ? 2 : 6)));
    expect(together).toEqual(await makeAlone(requests));
  },
  TIMEOUT_MS,
);

it.each(['int8', 'int4'] as const)(
  'in %s, to the bit',
  async (precision) => {
    const pipeline = await load(precision);
    const requests = [request(1, 1), request(2, 2), request(1, 3)];
    const together = await makeTogether(pipeline, requests);
    for (const [i, one] of requests.entries()) expect(await makeTogether(pipeline, [one])).toEqual([together[i]]);
    await pipeline.dispose();
  },
  TIMEOUT_MS,
);

it(
  'more than are made at once, each with its own place',
  async () => {
    const seen = new Set<number>();
    const made: number[] = [];
    const requests = Array.from({ length: 18 }, (_, seed) => request(seed, seed));
    await studio.generateBatch(
      requests,
      { provider: 'cpu', precision: 'fp32', previews: 'linear' },
      {
        onEvent: (picture) => void seen.add(picture),
        onPicture: (picture, { record }) => {
          expect(record.request).toMatchObject({ label: picture, seed: picture });
          made.push(picture);
        },
      },
    );
    expect(made.toSorted((a, b) => a - b)).toEqual(requests.map((_, i) => i));
    expect(seen.size).toBe(18);
  },
  TIMEOUT_MS,
);

it(
  'stops when it is cancelled',
  async () => {
    const stop = new AbortController();
    const pictures: number[] = [];
    const call = studio.generateBatch(
      [1, 2, 3].map((seed) => request(seed, seed)),
      { provider: 'cpu', precision: 'fp32', previews: 'linear' },
      { signal: stop.signal, onEvent: () => stop.abort(), onPicture: (picture) => void pictures.push(picture) },
    );
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
    expect(pictures).toEqual([]);
  },
  TIMEOUT_MS,
);

it('is of one model', async () => {
  const requests = [request(1, 1), { ...request(1, 2), model: 'other' }];
  const call = studio.generateBatch(
    requests,
    { provider: 'cpu', precision: 'fp32', previews: 'linear' },
    { onPicture: () => {} },
  );
  await expect(call).rejects.toMatchObject({ code: 'bad-request' });
});
