/**
 * The 8-bit path against float32, for the same tokens.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Precision } from '../../app/contracts/engine-api.ts';
import type { GenerationRequest } from '../../app/generation/request.ts';
import { loadModel } from '../../main/engine/load-model.ts';

const golden = (path: string) => fileURLToPath(new URL(`../golden/${path}`, import.meta.url));
const source = {
  id: 'var256',
  files: [golden('var256/checkpoint.pth'), golden('shared/vae_ch32v320z32.pth')],
  labels: [],
  defaults: {},
  preview: undefined,
};
const request: GenerationRequest = { model: 'var256', label: 3, seed: 7, settings: { top_k: 250 } };
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
  const [exact, quantized] = [await load('fp32'), await load('int8')];
  const tokens = await tokensOf(exact);
  const [a, b] = [await exact.decode(tokens), await quantized.decode(tokens)];
  expect(psnr(a.data, b.data)).toBeGreaterThan(30);
  expect(a.data).not.toEqual(b.data);
  await exact.dispose();
  await quantized.dispose();
});

it('generates with 8-bit matrices, which are written once', async () => {
  const quantized = await load('int8');
  const tokens = await tokensOf(quantized);
  expect(new Set(tokens).size).toBeGreaterThan(50);
  await quantized.dispose();
  const files = await readdir(join(home, 'cache', 'weights'));
  expect(files.filter((name) => name.endsWith('.safetensors'))).toHaveLength(2);
  expect(files).toHaveLength(2);
});

function load(precision: Precision) {
  return loadModel({ source, provider: 'cpu', precision });
}

async function tokensOf(pipeline: Awaited<ReturnType<typeof load>>): Promise<Int32Array> {
  let tokens = new Int32Array(0);
  for await (const event of pipeline.generate(request, { signal: new AbortController().signal, previews: 'linear' })) {
    if (event.type === 'image') tokens = Int32Array.from(event.tokens);
  }
  return tokens;
}

function psnr(a: Uint8Array, b: Uint8Array): number {
  const error = a.reduce((sum, value, i) => sum + (value - (b[i] as number)) ** 2, 0) / a.length;
  return 10 * Math.log10(255 ** 2 / error);
}
