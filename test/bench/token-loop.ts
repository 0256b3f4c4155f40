/**
 * LlamaGen's token loop against the memory's bandwidth and the authors' loop, all in one run with turns. See README.md.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openCheckpoint } from '../../main/checkpoints/open-checkpoint.ts';
import { writeTorchZip } from '../../main/checkpoints/testing/write-torch-zip.ts';
import { createOrtRuntime } from '../../main/engine/ort/ort-runtime.ts';
import { detectConfig, type TransformerConfig } from '../../native-models/controlar/config.ts';
import { TokenSampler } from '../../native-models/controlar/sampler.ts';
import { expectedTensors } from '../../native-models/controlar/state-dict.ts';
import { Transformer } from '../../native-models/controlar/transformer.ts';
import { GraphBuilder } from '../../native-models/graph/graph-builder.ts';
import { float32, type Session } from '../../native-models/runtime.ts';
import { elementCount } from '../../native-models/weights/tensor-entry.ts';
import { startAuthors } from './authors.ts';
import { NormalNumbers } from './random-checkpoints.ts';
import { median, Report } from './report.ts';

/** GPT-B at 256×256. */
const B: TransformerConfig = {
  layers: 12,
  width: 768,
  heads: 12,
  hidden: 2048,
  vocabulary: 16_384,
  conditioning: { kind: 'class', classes: 1000 },
  control: undefined,
};
const GRID = 16;
/** 256 MB, more than any cache holds. */
const PROBE_FLOATS = 2 ** 26;
const SETTINGS = { cfg: 4, cfgInterval: -1, temperature: 1, topK: 2000, topP: 1, controlStrength: 1 };

const { values: flags } = parseArgs({
  options: {
    authors: { type: 'string' },
    python: { type: 'string', default: 'python3' },
    tokens: { type: 'string', default: '255' },
    rounds: { type: 'string', default: '3' },
    work: { type: 'string' },
  },
});

async function main(): Promise<void> {
  const work = flags.work ? resolve(flags.work) : mkdtempSync(join(tmpdir(), 'underpaint-tokens-'));
  process.env.UNDERPAINT_HOME = join(work, 'home');
  mkdirSync(work, { recursive: true });
  const path = join(work, 'c2i_B_256.pt');
  if (!existsSync(path)) writeRandomTransformer(path);
  const report = new Report();
  try {
    await measure(path, report);
  } finally {
    if (!flags.work) rmSync(work, { recursive: true, force: true });
  }
  report.printVerdict();
  process.exitCode = report.missed > 0 ? 1 : 0;
}

function writeRandomTransformer(path: string): void {
  const random = new NormalNumbers(3);
  const index = { file: path, entries: new Map() };
  const tensors = [...expectedTensors(B, index)].map(([name, shape]) => {
    const [mean, deviation] = name.includes('norm')
      ? [1, 0.1]
      : [0, name.includes('embed') ? 1 : shape.at(-1)! ** -0.5];
    return { name, type: 'f32' as const, shape, bytes: () => random.fill(elementCount(shape), mean!, deviation!) };
  });
  writeTorchZip(path, tensors);
}

async function measure(path: string, report: Report): Promise<void> {
  const tokens = Number(flags.tokens);
  const [fp32, int8] = [await load(path, 'fp32'), await load(path, 'int8')];
  const probe = await bandwidthProbe();
  const authors = flags.authors
    ? await startAuthors(flags.python, 'authors-llamagen.py', [resolve(flags.authors), `${tokens}`])
    : undefined;
  const times = { probe: [] as number[], fp32: [] as number[], int8: [] as number[], authors: [] as number[] };
  const sampling: number[] = [];
  try {
    for (let round = 0; round <= Number(flags.rounds); round++) {
      const turns = {
        probe: await timeProbe(probe),
        fp32: await timeTokens(fp32, tokens, sampling),
        int8: await timeTokens(int8, tokens, sampling),
        authors: authors ? (await authors.run(round)).ms / tokens : Number.NaN,
      };
      if (round === 0) continue;
      for (const [name, ms] of Object.entries(turns)) times[name as keyof typeof times].push(ms);
    }
  } finally {
    await Promise.all([fp32.dispose(), int8.dispose(), probe.session.dispose(), authors?.stop()]);
  }
  const bytesPerMs = (4 * PROBE_FLOATS) / median(times.probe);
  report.add('memory bandwidth', bytesPerMs / 1e6, 'GB/s');
  report.add('sampling of it, a token', median(sampling), 'ms');
  for (const [name, weightBytes] of [
    ['fp32', 4],
    ['int8', 1],
  ] as const) {
    const bound = bytesPerToken(weightBytes, tokens) / bytesPerMs;
    const ms = median(times[name]);
    report.add(`a token, ${name}`, ms, 'ms');
    report.add(`a token, ${name}, by bandwidth`, bound, 'ms');
    report.add(`${name} over the bound`, ms / bound, '×', { below: 1.5 });
    if (authors) report.add(`${name} over the authors’`, median(times.authors) / ms, '×', { atLeast: 2 });
  }
  if (authors) report.add('a token, authors’ PyTorch', median(times.authors), 'ms');
}

/** Weights that a token reads, and half of the full cache (read once), with guidance. */
function bytesPerToken(weightBytes: number, tokens: number): number {
  const { width: C, layers, hidden, vocabulary } = B;
  const weights = layers * (4 * C * C + 3 * C * hidden) + vocabulary * C;
  const cache = 2 * 2 * layers * C * (tokens / 2);
  return weights * weightBytes + cache * 4;
}

async function load(path: string, precision: 'fp32' | 'int8'): Promise<Transformer> {
  const index = await openCheckpoint(path);
  const config = detectConfig(index) as TransformerConfig;
  return Transformer.load({ index, config }, createOrtRuntime({ provider: 'cpu', precision }), { rows: 2, grid: GRID });
}

/** Milliseconds a token, sampling included. */
async function timeTokens(transformer: Transformer, count: number, sampling: number[]): Promise<number> {
  const prompt = float32(new Float32Array(2 * B.width).fill(0.5), 2, 1, B.width);
  const { state, first } = await transformer.begin({ prompt, control: undefined });
  const sampler = new TokenSampler(B.vocabulary, SETTINGS, 1);
  let { logits } = first;
  let sampled = 0;
  const start = performance.now();
  for (let token = 0; token < count; token++) {
    const before = performance.now();
    sampler.guide(token, logits);
    const drawn = sampler.draw();
    sampled += performance.now() - before;
    ({ logits } = await state.step(drawn));
  }
  sampling.push(sampled / count);
  return (performance.now() - start) / count;
}

interface Probe {
  readonly session: Session;
  readonly data: Float32Array;
}

/** A graph that does nothing but read. */
async function bandwidthProbe(): Promise<Probe> {
  const g = new GraphBuilder('bandwidth', 'cpu');
  const rows = 2 ** 12;
  const x = g.input('x', 'float32', [rows, PROBE_FLOATS / rows]);
  const attributes = { keepdims: 0 };
  const axes = g.integers([1], 1);
  g.output('y', g.node('ReduceMax', [x, axes], { type: 'float32', shape: [rows] }, { attributes }));
  const session = await createOrtRuntime({ provider: 'cpu', precision: 'fp32' }).createSession(g.build());
  return { session, data: new Float32Array(PROBE_FLOATS).fill(1) };
}

/** The best of three: whoever else uses the memory makes the bound larger, not smaller. */
async function timeProbe({ session, data }: Probe): Promise<number> {
  const rows = 2 ** 12;
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    await session.run({ x: float32(data, rows, PROBE_FLOATS / rows) });
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

await main();
