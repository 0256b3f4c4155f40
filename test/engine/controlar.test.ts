/**
 * LlamaGen and ControlAR as pipelines, on the small weights of the golden cases.
 */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageEvent, StepEvent } from '../../app/generation/pipeline-event.ts';
import type { ControlMap, GenerationRequest } from '../../app/generation/request.ts';
import { loadModel } from '../../main/engine/load-model.ts';
import type { Pipeline } from '../../native-models/pipeline.ts';

const golden = (path: string) => fileURLToPath(new URL(`../golden/${path}`, import.meta.url));
const TEXT = [golden('vq16/checkpoint.pt'), golden('t5/text-encoder.safetensors')];
const preview = Array.from({ length: 27 }, (_, i) => (i % 5) / 10);

function load(precision: 'fp32' | 'int8' | 'int4', ...files: string[]): Promise<Pipeline> {
  const source = { id: 'm', files, labels: [], defaults: {}, preview };
  return loadModel({ source, provider: 'cpu', precision });
}

async function paint(pipeline: Pipeline, request: Partial<GenerationRequest>) {
  const complete = { model: 'm', label: null, seed: 5, settings: { top_k: 40 }, ...request };
  const { signal } = new AbortController();
  const steps: StepEvent[] = [];
  let image: ImageEvent | undefined;
  for await (const event of pipeline.generate(complete, { signal, previews: 'linear' })) {
    if (event.type === 'step') steps.push(event);
    if (event.type === 'image') image = event;
  }
  return { steps, image: image as ImageEvent };
}

function map(width: number, height: number, kind: ControlMap['kind'] = 'canny'): ControlMap {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (Math.floor(i / 3) % 7 === 0 ? 255 : 0));
  return { kind, image: { width, height, data } };
}

describe('from classes', () => {
  let model: Pipeline;
  beforeAll(async () => {
    model = await load('fp32', golden('llamagen-c2i/c2i_128.pt'), golden('vq16/checkpoint.pt'));
  });
  afterAll(() => model.dispose());

  it('paints row after row', async () => {
    const { steps, image } = await paint(model, { label: 3 });
    expect(steps.map(({ step, tokens, entropy }) => [step, tokens.length, entropy.length])).toEqual(
      Array.from({ length: 8 }, (_, row) => [row, 8, 8]),
    );
    expect(steps.at(-1)?.preview).toMatchObject({ width: 8, height: 8 });
    expect(image.image).toMatchObject({ width: 128, height: 128 });
    expect(Array.from(image.tokens)).toEqual(steps.flatMap(({ tokens }) => Array.from(tokens)));
    expect((await model.decode(image.tokens)).data).toEqual(image.image.data);
    expect(await model.encode(image.image)).toHaveLength(64);
  });

  it('goes on as it would have when its first rows are kept', async () => {
    const whole = await paint(model, { label: 3 });
    const mask = Uint8Array.from({ length: 64 }, (_, i) => (i < 24 ? 1 : 0));
    const { image } = await paint(model, { label: 3, kept: { tokens: whole.image.tokens, mask } });
    expect(image.tokens).toEqual(whole.image.tokens);
  });

  it('keeps single tokens, and what comes after them follows', async () => {
    const whole = await paint(model, { label: 3 });
    const kept = {
      tokens: new Int32Array(64).fill(7),
      mask: Uint8Array.from({ length: 64 }, (_, i) => (i % 8 === 5 ? 1 : 0)),
    };
    const { image } = await paint(model, { label: 3, kept });
    for (let row = 0; row < 8; row++) expect(image.tokens[row * 8 + 5]).toBe(7);
    expect(image.tokens.slice(0, 5)).toEqual(whole.image.tokens.slice(0, 5));
    expect(image.tokens).not.toEqual(whole.image.tokens);
  });

  it('knows what else could have stood at a place', async () => {
    const { image } = await paint(model, { label: 3 });
    const request = {
      model: 'm',
      label: 3,
      seed: 5,
      settings: { top_k: 40 },
      kept: { tokens: image.tokens, mask: new Uint8Array(64) },
    };
    const found = await model.alternatives(request, { step: 2, position: 3, count: 40 }, new AbortController().signal);
    expect(found.map(({ token }) => token)).toContain(image.tokens[19]);
    expect(found.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 4);
  });

  it('refuses classes that it does not have, words and maps', async () => {
    await expect(paint(model, { label: 10 })).rejects.toMatchObject({ code: 'unknown-label' });
    await expect(paint(model, { prompt: 'a cat' })).rejects.toMatchObject({ code: 'bad-request' });
    await expect(paint(model, { control: map(16, 16) })).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('stops soon after it was cancelled', async () => {
    const controller = new AbortController();
    const request = { model: 'm', label: 1, seed: 1, settings: {} };
    const events = model.generate(request, { signal: controller.signal, previews: 'linear' });
    await events.next();
    controller.abort();
    await expect(events.next()).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('over a map', () => {
  let model: Pipeline;
  beforeAll(async () => {
    model = await load('fp32', golden('controlar-mr/canny_MR.safetensors'), ...TEXT);
  });
  afterAll(() => model.dispose());

  it('tells what it takes', () => {
    expect(model.describe()).toMatchObject({
      classes: 0,
      words: true,
      controls: ['canny'],
      sizes: { step: 16, pixels: 768 * 768 },
      width: 512,
      height: 512,
    });
  });

  it.each([
    ['', 1, 1, 16, 16],
    ['🙂 家 湖', 33, 47, 48, 48],
    ['a house by the lake '.repeat(500), 16, 64, 16, 64],
  ])('paints over a map of any size (%#)', async (prompt, width, height, ...size) => {
    const { image } = await paint(model, { prompt, control: map(width, height) });
    expect([image.image.width, image.image.height]).toEqual(size);
  });

  it('follows the map: another one, or another strength, makes another picture', async () => {
    const paintWith = async (control: ControlMap, strength: number) => {
      const settings = { top_k: 40, control_strength: strength };
      return Array.from((await paint(model, { prompt: 'a cat', control, settings })).image.tokens);
    };
    const empty = { kind: 'canny', image: { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3) } } as const;
    const plain = await paintWith(map(64, 64), 1);
    expect(await paintWith(map(64, 64), 1)).toEqual(plain);
    expect(await paintWith(map(64, 64), 0)).not.toEqual(plain);
    expect(await paintWith(empty, 1)).not.toEqual(plain);
    expect(await paintWith(empty, 0)).toEqual(await paintWith(map(64, 64), 0));
  });

  it('says what is wrong with a map', async () => {
    const refused = (request: Partial<GenerationRequest>) => expect(paint(model, request)).rejects;
    await refused({ prompt: 'a' }).toMatchObject({ code: 'bad-request', hint: expect.stringContaining('canny') });
    await refused({ prompt: 'a', control: map(16, 16, 'depth') }).toMatchObject({ code: 'bad-request' });
    await refused({ prompt: 'a', control: map(1024, 1024) }).toMatchObject({
      code: 'bad-request',
      hint: expect.stringContaining('768×768'),
    });
  });
});

it('says which parts are missing', async () => {
  const transformer = golden('controlar-mr/canny_MR.safetensors');
  await expect(load('fp32', transformer)).rejects.toMatchObject({
    code: 'missing-file',
    message: expect.stringContaining('tokenizer'),
  });
  await expect(load('fp32', transformer, golden('vq16/checkpoint.pt'))).rejects.toMatchObject({
    code: 'missing-file',
    message: expect.stringContaining('text encoder'),
  });
  await expect(load('fp32', golden('t5/text-encoder.safetensors'))).rejects.toMatchObject({ code: 'missing-file' });
});

it.each(['int8', 'int4'] as const)('paints in %s', async (precision) => {
  const model = await load(precision, golden('llamagen-t2i/t2i_128.pt'), ...TEXT);
  const { image } = await paint(model, { prompt: 'a house by the lake' });
  expect(new Set(image.tokens).size).toBeGreaterThan(3);
  await model.dispose();
});
