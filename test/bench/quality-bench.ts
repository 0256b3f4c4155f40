/**
 * What an optimisation does to pictures of the starter: the same seeds with and without it.
 */
import type { Precision } from '../../app/contracts/engine-api.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest, KeptTokens } from '../../app/generation/request.ts';
import { loadModel } from '../../main/engine/load-model.ts';
import { openStudio } from '../../main/studio.ts';
import type { NamedArray, Pipeline } from '../../native-models/pipeline.ts';
import { psnr, type Report } from './report.ts';

const PICTURES = 8;
/** Scales that variations of a picture keep. */
const KEPT_SCALES = 5;
const { signal } = new AbortController();

interface Made {
  readonly tokens: Int32Array;
  readonly image: RgbImage;
}

export async function measureQuality(report: Report): Promise<void> {
  const studio = openStudio();
  const { source } = await studio.models.find(undefined);
  await studio.dispose();
  const load = (precision: Precision) => loadModel({ source, provider: 'cpu', precision });
  const exact = await load('fp32');
  const requests = Array.from({ length: PICTURES }, (_, seed) => request(seed));
  const singles: Made[] = [];
  for (const one of requests) singles.push((await makeTogether(exact, [one]))[0] as Made);
  compare(report, 'in a batch', singles, await makeTogether(exact, requests));
  await measureVariations(report, exact, await load('fp32'), singles[0] as Made);
  for (const precision of ['int8', 'int4'] as const) {
    const pipeline = await load(precision);
    await measurePrecision(report, precision, pipeline, singles);
    await pipeline.dispose();
  }
  await exact.dispose();
}

function request(seed: number): GenerationRequest {
  return { model: 'starter', label: (seed * 3) % 20, seed, settings: {} };
}

async function makeTogether(pipeline: Pipeline, requests: readonly GenerationRequest[]): Promise<Made[]> {
  const made: Made[] = [];
  for await (const { picture, event } of pipeline.generateBatch(requests, { signal, previews: 'linear' })) {
    if (event.type === 'image') made[picture] = { tokens: Int32Array.from(event.tokens), image: event.image };
  }
  return made;
}

function compare(report: Report, what: string, before: readonly Made[], after: readonly Made[]): void {
  report.add(`tokens as alone, ${what}`, 100 * agreement(before, after), '%', { atLeast: 100 });
  const same = before.filter(({ image }, i) => psnr(image.data, after[i]?.image.data as Uint8Array) === Infinity);
  report.add(`pictures to the bit, ${what}`, (100 * same.length) / before.length, '%', { atLeast: 100 });
}

function agreement(before: readonly Made[], after: readonly Made[]): number {
  const parts = before.map(({ tokens }, i) => share(tokens, after[i]?.tokens as Int32Array));
  return parts.reduce((sum, part) => sum + part, 0) / parts.length;
}

function share(a: Int32Array, b: Int32Array): number {
  return a.filter((token, i) => token === b[i]).length / a.length;
}

/** Variations of one picture: with its keys and values at hand, and without. */
async function measureVariations(report: Report, warm: Pipeline, cold: Pipeline, parent: Made): Promise<void> {
  const kept = keepScales(cold, parent.tokens, KEPT_SCALES);
  const requests = Array.from({ length: 4 }, (_, i) => ({ ...request(0), seed: 100 + i, kept }));
  await makeTogether(cold, [request(1)]);
  await makeTogether(warm, [request(0)]);
  const [again, freshMs] = await timed(() => makeTogether(cold, requests));
  const [reused, reusedMs] = await timed(() => makeTogether(warm, requests));
  compare(report, `${KEPT_SCALES} scales from the cache`, again, reused);
  report.add('4 variations, the prefix from the cache', freshMs / reusedMs, '×');
  await cold.dispose();
}

function keepScales(pipeline: Pipeline, tokens: Int32Array, scales: number): KeptTokens {
  const count = pipeline
    .describe()
    .tokensPerStep.slice(0, scales)
    .reduce((sum, step) => sum + step, 0);
  return { tokens, mask: Uint8Array.from(tokens, (_, i) => (i < count ? 1 : 0)) };
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const start = performance.now();
  return [await work(), performance.now() - start];
}

/** Tokens with the exact picture's past, and the decoders on the exact picture's tokens. */
async function measurePrecision(
  report: Report,
  precision: Precision,
  pipeline: Pipeline,
  exact: readonly Made[],
): Promise<void> {
  let same = 0;
  const decoded: number[] = [];
  for (const [seed, { tokens, image }] of exact.entries()) {
    same += share(tokens, await drawnAfter(pipeline, seed, tokens)) / exact.length;
    decoded.push(psnr(image.data, (await pipeline.decode(tokens)).data));
  }
  report.add(`tokens as fp32’s with the same past, ${precision}`, 100 * same, '%');
  report.add(`picture of the same tokens, ${precision}, worst`, Math.min(...decoded), 'dB', { atLeast: 30 });
  const free = await makeTogether(
    pipeline,
    exact.map((_, seed) => request(seed)),
  );
  report.add(
    `picture of the same seed, ${precision}`,
    mean(exact.map(({ image }, i) => psnr(image.data, free[i]?.image.data as Uint8Array))),
    'dB',
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** What a pipeline draws at every place of a picture when all before it is that picture's. */
async function drawnAfter(pipeline: Pipeline, seed: number, tokens: Int32Array): Promise<Int32Array> {
  const { tokensPerStep, settings } = pipeline.describe();
  const side = Math.sqrt(tokensPerStep.at(-1) as number);
  const mask: NamedArray = { type: 'u8', shape: [side, side], data: new Uint8Array(side * side).fill(1) };
  const forced = new Map<string, NamedArray>([
    ['edit_mask', mask],
    ['gt_tokens', { type: 'i32', shape: [1, tokens.length], data: tokens }],
  ]);
  const run = {
    label: request(seed).label,
    g_seed: seed,
    ...Object.fromEntries(settings.map((spec) => [spec.id, spec.default])),
  };
  const traced = await pipeline.trace(run, forced, signal);
  return traced.get('tokens')?.data as Int32Array;
}
