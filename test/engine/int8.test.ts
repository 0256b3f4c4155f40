/**
 * The 8-bit path against float32, for the same tokens.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Precision } from '../../app/contracts/engine-api.ts';
import type { GenerationRequest, Settings } from '../../app/generation/request.ts';
import { loadModel } from '../../main/engine/load-model.ts';
import { joinSymbols, symbolsToLatent } from '../../native-models/latents/latent-tokens.ts';
import type { Pipeline } from '../../native-models/pipeline.ts';

const golden = (path: string) => fileURLToPath(new URL(`../golden/${path}`, import.meta.url));
const VAR = [golden('var256/checkpoint.pth'), golden('shared/vae_ch32v320z32.pth')];
const KL = golden('shared/kl16_ch32.ckpt');
const request: GenerationRequest = { model: 'm', label: 3, seed: 7, settings: {} };
const { signal } = new AbortController();
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'underpaint-int8-'));
  process.env.UNDERPAINT_HOME = home;
});

afterAll(async () => {
  delete process.env.UNDERPAINT_HOME;
  await rm(home, { recursive: true, force: true });
});

it('makes nearly the same picture of the same tokens', async () => {
  const [exact, quantized] = [await load(VAR, 'fp32'), await load(VAR, 'int8')];
  const tokens = await tokensOf(exact);
  const [a, b] = [await exact.decode(tokens), await quantized.decode(tokens)];
  expect(psnr(a.data, b.data)).toBeGreaterThan(30);
  expect(a.data).not.toEqual(b.data);
  await exact.dispose();
  await quantized.dispose();
});

it('generates with 8-bit matrices, which are written once', async () => {
  const quantized = await load(VAR, 'int8');
  const tokens = await tokensOf(quantized);
  expect(new Set(tokens).size).toBeGreaterThan(50);
  await quantized.dispose();
  const files = await readdir(join(home, 'cache', 'weights'));
  expect(files.filter((name) => name.endsWith('.safetensors'))).toHaveLength(2);
  // Each with a note of what it was made from.
  expect(files.filter((name) => name.endsWith('.json'))).toHaveLength(2);
  expect(files).toHaveLength(4);
});

it.each<[Precision, string, Settings, number]>([
  ['int8', 'flowar-v1/checkpoint.pth', { steps: 12 }, 0.1],
  ['int8', 'flowar-v2/checkpoint.pth', { steps: 12 }, 0.1],
  ['int8', 'xar/checkpoint.pth', { steps: 8 }, 0.1],
  ['int4', 'flowar-v2/checkpoint.pth', { steps: 12 }, 0.5],
  ['int4', 'xar/checkpoint.pth', { steps: 8 }, 0.5],
])('in %s, %s heads for nearly the same latents', async (precision, file, settings, limit) => {
  const files = [golden(file), KL];
  const [exact, quantized] = [await load(files, 'fp32'), await load(files, precision)];
  const [a, b] = [await latentOf(exact, settings), await latentOf(quantized, settings)];
  const difference = deviation(a.map((value, i) => value - (b[i] as number))) / deviation(a);
  expect(difference).toBeGreaterThan(0);
  expect(difference).toBeLessThan(limit);
  await exact.dispose();
  await quantized.dispose();
});

function load(files: readonly string[], precision: Precision) {
  const source = { id: 'm', files, labels: [], defaults: {}, preview: new Array<number>(33 * 3).fill(0.1) };
  return loadModel({ source, provider: 'cpu', precision });
}

async function tokensOf(pipeline: Pipeline): Promise<Int32Array> {
  let tokens = new Int32Array(0);
  for await (const event of pipeline.generate(request, { signal: signal, previews: 'linear' })) {
    if (event.type === 'image') tokens = Int32Array.from(event.tokens);
  }
  return tokens;
}

/** All latents of a picture, without its image. */
async function latentOf(pipeline: Pipeline, settings: Settings): Promise<Float32Array> {
  const parts: Int32Array[] = [];
  const { tokensPerStep } = pipeline.describe();
  for await (const event of pipeline.generate({ ...request, settings }, { signal, previews: 'linear' })) {
    if (event.type === 'step') parts.push(event.tokens);
    if (parts.length === tokensPerStep.length) break;
  }
  return symbolsToLatent(joinSymbols(parts));
}

function deviation(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

function psnr(a: Uint8Array, b: Uint8Array): number {
  const error = a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0) / a.length;
  return 10 * Math.log10(255 ** 2 / error);
}
