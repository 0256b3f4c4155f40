/**
 * Infinity and VAREdit as pipelines, on the small weights of the golden cases.
 */
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageEvent, StepEvent } from '../../app/generation/pipeline-event.ts';
import type { ControlMap, GenerationRequest } from '../../app/generation/request.ts';
import { stepTokens } from '../../app/generation/step-tokens.ts';
import { loadModel } from '../../main/engine/load-model.ts';
import type { Pipeline } from '../../native-models/pipeline.ts';
import { squareSource } from '../../native-models/varedit/source.ts';
import { readGoldenCase } from '../golden/golden-case.ts';

const golden = (path: string) => fileURLToPath(new URL(`../golden/${path}`, import.meta.url));
const TRANSFORMER = golden('infinity/infinity_2b_reg.pth');
const OTHERS = [golden('bsq-d32/checkpoint.pth'), golden('t5/text-encoder-128.safetensors')];
const preview = Array.from({ length: 33 * 3 }, (_, i) => (i % 5) / 10);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-varedit-'));
  await copyFile(TRANSFORMER, join(folder, '2B-512.pth'));
});
afterAll(() => rm(folder, { recursive: true }));

function load(precision: 'fp32' | 'int8' | 'int4', ...files: string[]): Promise<Pipeline> {
  return loadModel({
    source: { id: 'm', files, labels: [], defaults: {}, preview },
    provider: 'cpu',
    precision,
  });
}

async function paint(pipeline: Pipeline, request: Partial<GenerationRequest>) {
  const complete = { model: 'm', label: null, seed: 5, settings: {}, ...request };
  const { signal } = new AbortController();
  const steps: StepEvent[] = [];
  let image: ImageEvent | undefined;
  for await (const event of pipeline.generate(complete, { signal, previews: 'linear' })) {
    if (event.type === 'step') steps.push(event);
    if (event.type === 'image') image = event;
  }
  return { steps, image: image as ImageEvent };
}

function source(width: number, height: number): ControlMap {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7) % 256);
  return { kind: 'source', image: { width, height, data } };
}

describe('from words', () => {
  let model: Pipeline;
  beforeAll(async () => {
    model = await load('fp32', TRANSFORMER, ...OTHERS);
  });
  afterAll(() => model.dispose());

  it('paints the shapes that settings choose, as many tokens a step as the description says', async () => {
    const settings = { shape: '3:2', size: '0.06M' };
    const { steps, image } = await paint(model, { prompt: 'a lake', settings });
    const description = model.describe();
    expect(description).toMatchObject({ words: true, symbolsPerToken: 32, vocabulary: 2, width: 1024, height: 1024 });
    expect(steps.map(({ entropy }) => entropy.length)).toEqual(stepTokens(description, { settings }));
    expect(image.image).toMatchObject({ width: 336, height: 224 });
    expect(Array.from(image.tokens)).toEqual(steps.flatMap(({ tokens }) => Array.from(tokens)));
    expect(steps.at(-1)?.preview).toMatchObject({ width: 21, height: 14 });
    const progress = steps.map((step) => step.progress);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  });

  it('goes on as it would have when its first scales are kept, and takes over single tokens', async () => {
    const settings = { size: '0.06M', cfg: 1 };
    const whole = await paint(model, { prompt: 'a lake', settings });
    const first = Uint8Array.from({ length: 521 }, (_, i) => (i < 57 ? 1 : 0));
    const again = await paint(model, { prompt: 'a lake', settings, kept: { tokens: whole.image.tokens, mask: first } });
    expect(again.image.tokens).toEqual(whole.image.tokens);
    const other = { tokens: whole.image.tokens.map((bit) => 1 - bit), mask: new Uint8Array(521).fill(1, 3, 4) };
    const changed = await paint(model, { prompt: 'a lake', settings, kept: other });
    expect(changed.image.tokens.slice(96, 128)).toEqual(other.tokens.slice(96, 128));
    expect(changed.image.tokens.slice(0, 96)).toEqual(whole.image.tokens.slice(0, 96));
    expect(changed.image.tokens).not.toEqual(whole.image.tokens);
  });

  it('changes no picture', async () => {
    await expect(paint(model, { prompt: 'a lake', control: source(8, 8) })).rejects.toMatchObject({
      code: 'bad-request',
    });
  });
});

describe('edits', () => {
  let model: Pipeline;
  beforeAll(async () => {
    model = await load('fp32', join(folder, '2B-512.pth'), ...OTHERS);
  });
  afterAll(() => model.dispose());

  it('keeps the picture’s size, and all of its source when all scales of it stay', async () => {
    const control = source(90, 60);
    const { image } = await paint(model, { prompt: 'dark', control, settings: { cfg: 1, source_scales: 10 } });
    expect(image.image).toMatchObject({ width: 90, height: 60 });
    expect(image.tokens).toEqual(await model.encode(squareSource(control.image, 512)));
  });

  it('needs a picture', async () => {
    expect(model.describe()).toMatchObject({ capabilities: ['entropy', 'edits'], width: 512, height: 512 });
    await expect(paint(model, { prompt: 'dark' })).rejects.toMatchObject({
      code: 'bad-request',
      hint: expect.stringContaining('underpaint edit'),
    });
  });
});

it('needs files that go together', async () => {
  const [tokenizer, text] = OTHERS as [string, string];
  await expect(load('fp32', TRANSFORMER, tokenizer)).rejects.toThrow('text encoder');
  await expect(load('fp32', TRANSFORMER, text)).rejects.toThrow('tokenizer');
  await expect(load('fp32', TRANSFORMER, golden('bsq-d24/checkpoint.pth'), text)).rejects.toThrow(
    "tokens of 32 bits, the tokenizer's have 24",
  );
  await expect(load('fp32', TRANSFORMER, tokenizer, golden('t5/text-encoder.safetensors'))).rejects.toThrow(
    'reads 128 channels, the text encoder gives 64',
  );
});

it.each([
  ['int8', 0.98],
  ['int4', 0.9],
] as const)('in %s, hardly any bit’s likelier value changes', async (precision, least) => {
  const { files, run, expected, forced } = await readGoldenCase('infinity', 'expected.safetensors');
  const model = await load(precision, ...files);
  const got = await model.trace(run, forced, new AbortController().signal);
  const [mine, exact] = [got, expected].map((tensors) => signs(tensors.get('logits')?.data as Float32Array));
  const same = mine!.filter((sign, i) => sign === exact![i]).length / exact!.length;
  expect(same).toBeGreaterThan(least);
  await model.dispose();
});

/** Of each pair, whether the second is larger. */
function signs(logits: Float32Array): boolean[] {
  return Array.from({ length: logits.length / 2 }, (_, i) => logits[2 * i + 1]! > logits[2 * i]!);
}
