/**
 * What it saves that pictures which begin alike share their beginning: variations of a picture that was just painted, and of one
 * that is known by its tokens alone, against as many pictures that keep as much of different ones.
 */
import type { GenerationRequest, KeptTokens } from '../../app/generation/request.ts';
import { loadModel } from '../../main/engine/load-model.ts';
import { openStudio } from '../../main/studio.ts';
import type { Pipeline } from '../../native-models/pipeline.ts';
import { median, type Report } from './report.ts';

const VARIATIONS = 4;
const LABEL = 3;
const KEPT_SCALES = [5, 6, 7, 8];
const { signal } = new AbortController();

export async function measurePrefixes(rounds: number, report: Report): Promise<void> {
  const studio = openStudio();
  const { source } = await studio.models.find(undefined);
  const pipeline = await loadModel({ source, provider: 'cpu', precision: 'fp32' });
  try {
    await paint(pipeline, [request(0)]);
    for (const scales of KEPT_SCALES) {
      const [once, remembered]: [number[], number[]] = [[], []];
      for (let round = 0; round < rounds; round++) {
        const parents = Array.from({ length: VARIATIONS + 1 }, () => randomTokens(pipeline));
        const [parent, ...others] = parents.map((tokens) => keepScales(pipeline, tokens, scales));
        const apart = await timed(() =>
          paint(
            pipeline,
            others.map((kept, i) => request(i, kept)),
          ),
        );
        const variations = others.map((_, i) => request(i, parent));
        once.push(apart / (await timed(() => paint(pipeline, variations))));
        remembered.push(apart / (await timed(() => paint(pipeline, variations))));
      }
      const what = `${VARIATIONS} variations that keep ${scales} scales`;
      report.add(`${what}, over unrelated pictures`, median(once), '×');
      report.add(`${what}, of a picture just painted`, median(remembered), '×');
    }
  } finally {
    await pipeline.dispose();
    await studio.dispose();
  }
}

function request(seed: number, kept?: KeptTokens): GenerationRequest {
  return { model: '', label: LABEL, seed, settings: {}, kept };
}

async function paint(pipeline: Pipeline, requests: readonly GenerationRequest[]): Promise<void> {
  for await (const { event } of pipeline.generateBatch(requests, { signal, previews: 'linear' })) {
    if (event.type === 'image' && event.image.width === 0) throw new Error('A picture is empty.');
  }
}

function randomTokens(pipeline: Pipeline): Int32Array {
  const { tokensPerStep, vocabulary } = pipeline.describe();
  const count = tokensPerStep.reduce((sum, step) => sum + step, 0);
  return Int32Array.from({ length: count }, () => Math.floor(Math.random() * vocabulary));
}

function keepScales(pipeline: Pipeline, tokens: Int32Array, scales: number): KeptTokens {
  const count = pipeline
    .describe()
    .tokensPerStep.slice(0, scales)
    .reduce((sum, step) => sum + step, 0);
  return { tokens, mask: Uint8Array.from(tokens, (_, i) => (i < count ? 1 : 0)) };
}

/** Processor seconds: other programs do not count. */
async function timed(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
