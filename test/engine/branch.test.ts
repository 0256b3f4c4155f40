/**
 * Pictures that take over tokens of others: branches, runs that go on, and places that are rolled again.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RgbImage, StepEvent } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest, KeptTokens } from '../../app/generation/request.ts';
import { loadModel } from '../../main/engine/load-model.ts';
import { openStudio, type Studio } from '../../main/studio.ts';
import type { Pipeline } from '../../native-models/pipeline.ts';

let studio: Studio;
let pipeline: Pipeline;
const request: GenerationRequest = { model: 'starter', label: 3, seed: 5, settings: {} };
const { signal } = new AbortController();

beforeAll(async () => {
  studio = openStudio();
  pipeline = await freshPipeline();
});

afterAll(async () => {
  await pipeline.dispose();
  await studio.dispose();
});

async function freshPipeline(): Promise<Pipeline> {
  const { source } = await studio.models.find(undefined);
  return loadModel({ source, provider: 'cpu', precision: 'fp32' });
}

interface Made {
  readonly image: RgbImage;
  readonly tokens: Int32Array;
  readonly steps: readonly StepEvent[];
}

async function make(changes: Partial<GenerationRequest>, on = pipeline, stopAfter = Infinity): Promise<Made> {
  const steps: StepEvent[] = [];
  for await (const event of on.generate({ ...request, ...changes }, { signal, previews: 'linear' })) {
    if (event.type === 'image') return { image: event.image, tokens: event.tokens, steps };
    if (event.type === 'step') steps.push(event);
    if (steps.length === stopAfter) break;
  }
  return { image: { width: 0, height: 0, data: new Uint8Array() }, tokens: joined(steps), steps };
}

function joined(steps: readonly StepEvent[]): Int32Array {
  return Int32Array.from(steps.flatMap(({ tokens }) => [...tokens]));
}

/** Keeps the first `scales` scales. */
function keepScales(tokens: Int32Array, scales: number): KeptTokens {
  const { tokensPerStep } = pipeline.describe();
  const all = new Int32Array(tokensPerStep.reduce((sum, count) => sum + count));
  all.set(tokens);
  const kept = tokensPerStep.slice(0, scales).reduce((sum, count) => sum + count, 0);
  return { tokens: all, mask: Uint8Array.from(all, (_, i) => (i < kept ? 1 : 0)) };
}

it('branches: the kept scales stay to the bit, the others are new', async () => {
  const parent = await make({});
  const child = await make({ seed: 6, kept: keepScales(parent.tokens, 5) });
  for (const [scale, { tokens, preview }] of parent.steps.entries()) {
    if (scale < 5) expect(child.steps[scale]).toMatchObject({ tokens, preview });
    else expect(child.steps[scale]?.tokens).not.toEqual(tokens);
  }
});

it('takes up keys and values of the last run, with the same result as without them', async () => {
  const parent = await make({});
  const branch = { seed: 9, kept: keepScales(parent.tokens, 6) };
  const reused = await make(branch);
  const fresh = await freshPipeline();
  const whole = await make(branch, fresh);
  await fresh.dispose();
  expect(reused.tokens).toEqual(whole.tokens);
  expect(reused.image.data).toEqual(whole.image.data);
  expect(reused.steps.map(({ entropy }) => entropy)).toEqual(whole.steps.map(({ entropy }) => entropy));
});

it.each([1, 4, 10])('goes on where it was stopped, after %i scales', async (stop) => {
  const whole = await make({});
  const part = await make({}, pipeline, stop);
  const rest = await make({ kept: keepScales(part.tokens, stop) });
  expect(rest.tokens).toEqual(whole.tokens);
});

it('rolls single tokens again', async () => {
  const parent = await make({});
  const mask = new Uint8Array(parent.tokens.length).fill(1);
  const again = [40, 41, 200, 346];
  for (const place of again) mask[place] = 0;
  const child = await make({ seed: 77, kept: { tokens: parent.tokens, mask } });
  const changed = [...child.tokens.keys()].filter((i) => child.tokens[i] !== parent.tokens[i]);
  expect(changed.length).toBeGreaterThan(0);
  expect(again).toEqual(expect.arrayContaining(changed));
});

it('says how undecided it was', async () => {
  const { steps } = await make({});
  const { vocabulary } = pipeline.describe();
  for (const { entropy, tokens } of steps) {
    expect(entropy).toHaveLength(tokens.length);
    expect(Math.max(...entropy)).toBeLessThanOrEqual(Math.log2(vocabulary));
  }
  expect(Math.max(...steps.flatMap(({ entropy }) => [...entropy]))).toBeGreaterThan(1);
});

it('ranks alternatives, whatever ran before', async () => {
  const parent = await make({});
  const kept = keepScales(parent.tokens, 10);
  const found = await pipeline.alternatives({ ...request, kept }, { step: 2, position: 4, count: 5 }, signal);
  expect(found.length).toBeGreaterThan(1);
  const probabilities = found.map(({ probability }) => probability);
  expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a));
  expect(new Set(found.map(({ token }) => token)).size).toBe(found.length);
  expect(found[0]?.preview.data).not.toEqual(found[1]?.preview.data);
});

it('encodes a picture to tokens that decode to it', async () => {
  const { image, tokens } = await make({});
  const encoded = await pipeline.encode(image);
  expect(encoded).toHaveLength(tokens.length);
  const decoded = await pipeline.decode(encoded);
  const error = decoded.data.reduce((sum, byte, i) => sum + (byte - image.data[i]!) ** 2, 0) / decoded.data.length;
  expect(error).toBeLessThan(600);
  await expect(pipeline.encode({ width: 2, height: 2, data: new Uint8Array(12) })).rejects.toThrow('128×128');
});

it('decodes the first steps alone', async () => {
  const { tokens, image } = await make({});
  expect((await pipeline.decode(tokens, 10)).data).toEqual(image.data);
  expect((await pipeline.decode(tokens, 3)).data).not.toEqual(image.data);
  await expect(pipeline.decode(tokens, 11)).rejects.toThrow('10 scales');
});

it('refuses kept tokens of another model', async () => {
  const kept = { tokens: new Int32Array(3), mask: new Uint8Array(3) };
  await expect(make({ kept })).rejects.toMatchObject({ code: 'bad-request' });
});
