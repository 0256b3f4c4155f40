import { describe, expect, it } from 'vitest';
import { StudioError } from '../../app/base/errors.ts';
import type { PipelineEvent } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest } from '../../app/generation/request.ts';
import type { MadePicture } from '../generate-pictures.ts';
import { createTogether, resumed } from './generate-together.ts';

const REQUEST: GenerationRequest = { model: 'm', label: 1, seed: 4, settings: {} };
const LAYOUT = { tokensPerStep: [1, 2], symbolsPerToken: 2 };

describe('a picture that goes on', () => {
  it('is asked for as it is when it has not begun', () => {
    expect(resumed(REQUEST, new Int32Array(0), LAYOUT)).toBe(REQUEST);
  });

  it('keeps the steps that are done', () => {
    const { kept } = resumed(REQUEST, Int32Array.of(40, 41), LAYOUT);
    expect(kept).toEqual({ tokens: Int32Array.of(40, 41, 0, 0, 0, 0), mask: Uint8Array.of(1, 0, 0) });
  });

  it('joins what the request took over anyway', () => {
    const before = { tokens: Int32Array.of(1, 2, 3, 4, 5, 6), mask: Uint8Array.of(0, 0, 1) };
    const { kept } = resumed({ ...REQUEST, kept: before }, Int32Array.of(40, 41), LAYOUT);
    expect(kept).toEqual({ tokens: Int32Array.of(40, 41, 3, 4, 5, 6), mask: Uint8Array.of(1, 0, 1) });
  });
});

const STEPS = 3;
const PREVIEW = { width: 1, height: 1, data: new Uint8Array(3) };
const BROKEN = 13;

/** A studio whose pictures take a step a turn; the tokens are 10·seed + step, and the seed 13 fails. */
function fakeStudio() {
  const calls: GenerationRequest[][] = [];
  const generateBatch: Parameters<typeof createTogether>[0]['generateBatch'] = async (requests, _, call) => {
    calls.push(requests as GenerationRequest[]);
    for (let step = 0; step < STEPS; step++) {
      for (const [picture, { seed }] of requests.entries()) {
        await new Promise(setImmediate);
        if (call.signal?.aborted) throw new StudioError('cancelled', 'Stopped.');
        if (seed === BROKEN) throw new StudioError('not-finite', 'It overflowed.');
        const place = { step, steps: STEPS, progress: step / STEPS, preview: PREVIEW };
        const tokens = Int32Array.of(seed * 10 + step);
        await call.onEvent?.(picture, { type: 'step', ...place, tokens, entropy: new Float32Array(1) });
      }
    }
    for (const [picture, { seed }] of requests.entries()) {
      await call.onPicture(picture, { record: { request: { seed } } } as MadePicture);
    }
  };
  const studio = {
    generateBatch,
    models: { find: async () => ({}) },
    describe: async () => ({ tokensPerStep: [1, 1, 1], symbolsPerToken: 1 }),
  };
  return { calls, studio: studio as unknown as Parameters<typeof createTogether>[0] };
}

function ask(generate: ReturnType<typeof createTogether>, seed: number, at: (step: number) => void = () => {}) {
  const stop = new AbortController();
  const steps: number[] = [];
  const onEvent = (event: PipelineEvent) => {
    if (event.type !== 'step') return;
    steps.push(event.step);
    at(event.step);
  };
  const request = { ...REQUEST, seed };
  const made = generate({ request, done: new Int32Array(0), alone: false, onEvent, signal: stop.signal });
  return { stop, steps, seed: made.then(({ record }) => record.request.seed) };
}

describe('pictures that are asked for within a moment', () => {
  it('are made together', async () => {
    const { calls, studio } = fakeStudio();
    const generate = createTogether(studio, {});
    const asked = [1, 2, 3].map((seed) => ask(generate, seed));
    expect(await Promise.all(asked.map(({ seed }) => seed))).toEqual([1, 2, 3]);
    expect(calls.map((requests) => requests.length)).toEqual([3]);
    expect(asked.map(({ steps }) => steps)).toEqual([
      [0, 1, 2],
      [0, 1, 2],
      [0, 1, 2],
    ]);
  });

  it('are stopped one by one; the others go on from the steps that they have, and tell of each once', async () => {
    const { calls, studio } = fakeStudio();
    const generate = createTogether(studio, {});
    const first = ask(generate, 1, (step) => step === 1 && first.stop.abort());
    const second = ask(generate, 2);
    await expect(first.seed).rejects.toMatchObject({ code: 'cancelled' });
    expect(await second.seed).toBe(2);
    expect(second.steps).toEqual([0, 1, 2]);
    expect(calls.at(-1)).toEqual([
      { ...REQUEST, seed: 2, kept: { tokens: Int32Array.of(20, 0, 0), mask: Uint8Array.of(1, 0, 0) } },
    ]);
  });

  it('fail one by one', async () => {
    const { studio } = fakeStudio();
    const generate = createTogether(studio, {});
    const asked = [1, BROKEN, 3].map((seed) => ask(generate, seed));
    const results = await Promise.allSettled(asked.map(({ seed }) => seed));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
