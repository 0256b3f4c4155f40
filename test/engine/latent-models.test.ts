/**
 * Models that paint latents, on the real runtime with small random weights: what their tokens promise.
 */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PreviewEvent, RgbImage, StepEvent } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest, KeptTokens, ModelDescription } from '../../app/generation/request.ts';
import { loadModel } from '../../main/engine/load-model.ts';
import { fromFloat16Bits } from '../../native-models/latents/float16.ts';
import type { Pipeline } from '../../native-models/pipeline.ts';

const golden = (path: string) => fileURLToPath(new URL(`../golden/${path}`, import.meta.url));
const KL = golden('shared/kl16_ch32.ckpt');
const { signal } = new AbortController();
/** Any map will do. */
const PREVIEW = new Array<number>(17 * 3).fill(0.1);
const START_MS = 120_000;

/** Few steps: it is not the picture that counts. */
const MODELS = [
  { name: 'FlowAR-S’s kind', file: 'flowar-v1/checkpoint.pth', settings: { steps: 6, annealed: false } },
  {
    name: 'FlowAR-L’s kind',
    file: 'flowar-v2/checkpoint.pth',
    settings: { steps: 12, annealed: true, solver: 'heun' },
  },
  { name: 'xAR', file: 'xar/checkpoint.pth', settings: { steps: 4, annealed: false } },
];

interface Made {
  readonly image: RgbImage;
  readonly tokens: Int32Array;
  readonly steps: readonly StepEvent[];
  readonly looks: readonly PreviewEvent[];
}

describe.each(MODELS)('$name', ({ file, settings }) => {
  const request: GenerationRequest = { model: 'm', label: 207, seed: 5, settings };
  let pipeline: Pipeline;
  let model: ModelDescription;
  let parent: Made;

  beforeAll(async () => {
    const source = { id: 'm', files: [golden(file), KL], labels: [], defaults: {}, preview: PREVIEW };
    pipeline = await loadModel({ source, provider: 'cpu', precision: 'fp32' });
    model = pipeline.describe();
    parent = await make({}, Infinity);
  }, START_MS);

  afterAll(() => pipeline.dispose());

  /** Without its image, which takes longer than all the rest, unless more steps are asked for than there are. */
  async function make(changes: Partial<GenerationRequest>, stopAfter = model.tokensPerStep.length): Promise<Made> {
    const [steps, looks]: [StepEvent[], PreviewEvent[]] = [[], []];
    for await (const event of pipeline.generate({ ...request, ...changes }, { signal, previews: 'linear' })) {
      if (event.type === 'image') return { image: event.image, tokens: event.tokens, steps, looks };
      if (event.type === 'preview') looks.push(event);
      else steps.push(event);
      if (steps.length === stopAfter) break;
    }
    const tokens = Int32Array.from(steps.flatMap((step) => [...step.tokens]));
    return { image: { width: 0, height: 0, data: new Uint8Array() }, tokens, steps, looks };
  }

  function keepSteps(tokens: Int32Array, steps: number): KeptTokens {
    const count = (sizes: readonly number[]) => sizes.reduce((sum, size) => sum + size, 0);
    const all = new Int32Array(count(model.tokensPerStep) * model.symbolsPerToken);
    all.set(tokens);
    const mask = new Uint8Array(count(model.tokensPerStep));
    return { tokens: all, mask: mask.fill(1, 0, count(model.tokensPerStep.slice(0, steps))) };
  }

  it('tells of every step, and decodes its own tokens to the same picture', async () => {
    const { image, tokens, steps, looks } = parent;
    expect(steps.map(({ tokens }) => tokens.length / model.symbolsPerToken)).toEqual(model.tokensPerStep);
    expect(tokens).toEqual(Int32Array.from(steps.flatMap((step) => [...step.tokens])));
    expect(Math.max(...tokens)).toBeLessThan(model.vocabulary);
    expect([image.width, image.height]).toEqual([model.width, model.height]);
    expect(Buffer.compare((await pipeline.decode(tokens)).data, image.data)).toBe(0);
    expect(looks.length).toBeGreaterThan(0);
    const progress = [...steps, ...looks].map((event) => event.progress);
    expect(Math.max(...progress)).toBeLessThan(1);
    expect(steps.map((step) => step.progress)).toEqual(progress.slice(0, steps.length).toSorted((a, b) => a - b));
    for (const { preview } of [...steps, ...looks]) expect(preview.width).toBe(16);
  });

  it('is another picture with another seed, and the same with the same', async () => {
    expect((await make({})).tokens).toEqual(parent.tokens);
    expect((await make({ seed: 6 })).tokens).not.toEqual(parent.tokens);
  });

  it('goes on where it was stopped, to the bit', async () => {
    for (const stop of [1, model.tokensPerStep.length - 1, model.tokensPerStep.length]) {
      const part = await make({}, stop);
      const rest = await make({ kept: keepSteps(part.tokens, stop) });
      expect(rest.tokens).toEqual(parent.tokens);
    }
  });

  it('branches: the kept steps stay, the others are new', async () => {
    const child = await make({ seed: 6, kept: keepSteps(parent.tokens, 2) });
    for (const [i, { tokens }] of parent.steps.entries()) {
      if (i < 2) expect(child.steps[i]?.tokens).toEqual(tokens);
      else expect(child.steps[i]?.tokens).not.toEqual(tokens);
    }
  });

  it('keeps single tokens while what is around them changes', async () => {
    const count = parent.tokens.length / model.symbolsPerToken;
    const mask = Uint8Array.from({ length: count }, (_, token) => (token % 3 === 0 ? 1 : 0));
    const child = await make({ seed: 9, kept: { tokens: parent.tokens, mask } });
    const token = (made: Made, i: number) =>
      made.tokens.slice(i * model.symbolsPerToken, (i + 1) * model.symbolsPerToken);
    for (let i = 0; i < count; i++) {
      if (mask[i]) expect(token(child, i)).toEqual(token(parent, i));
      else expect(token(child, i)).not.toEqual(token(parent, i));
    }
  });

  it('decodes its first steps alone', async () => {
    const { tokens, image } = parent;
    const coarse = await pipeline.decode(tokens, 1);
    expect(coarse.width).toBe(model.width);
    expect(Buffer.compare(coarse.data, image.data)).not.toBe(0);
    await expect(pipeline.decode(tokens, 0)).rejects.toMatchObject({ code: 'bad-request' });
    await expect(pipeline.decode(tokens.slice(1))).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('has the tokens of a picture', async () => {
    const tokens = await pipeline.encode(parent.image);
    expect(tokens).toHaveLength(model.tokensPerStep.reduce((sum, size) => sum + size, 0) * model.symbolsPerToken);
    expect([...tokens].every((bits) => Number.isFinite(fromFloat16Bits(bits)))).toBe(true);
    const small = { width: 8, height: 8, data: new Uint8Array(192) };
    await expect(pipeline.encode(small)).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('stops between two steps when it is told to', async () => {
    const abort = new AbortController();
    const events: string[] = [];
    const run = async () => {
      for await (const event of pipeline.generate(request, { signal: abort.signal, previews: 'linear' })) {
        events.push(event.type);
        abort.abort();
      }
    };
    await expect(run()).rejects.toMatchObject({ code: 'cancelled' });
    expect(events).toHaveLength(1);
  });

  it('refuses what it does not have', async () => {
    const fails = (changes: Partial<GenerationRequest>) => make(changes).then(Promise.reject, (error) => error.code);
    expect(await fails({ label: 1000 })).toBe('unknown-label');
    expect(await fails({ settings: { top_k: 3 } })).toBe('bad-request');
    expect(await fails({ kept: { tokens: new Int32Array(3), mask: new Uint8Array(3) } })).toBe('bad-request');
    expect(model.capabilities).toEqual([]);
    await expect(pipeline.alternatives(request, { step: 0, position: 0, count: 1 }, signal)).rejects.toMatchObject({
      code: 'bad-request',
    });
  });
});
