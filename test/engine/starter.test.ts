/**
 * The embedded models: the weights of the first against the training code's own numbers, and pictures through the whole program.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EngineOptions } from '../../app/contracts/engine-api.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import { readSafetensors } from '../../main/checkpoints/read-safetensors.ts';
import { loadModel } from '../../main/engine/load-model.ts';
import { openStudio, type Studio } from '../../main/studio.ts';
import type { NamedArray } from '../../native-models/pipeline.ts';
import { difference } from '../golden/compare.ts';

const OPTIONS: EngineOptions = { provider: 'cpu', precision: 'fp32', previews: 'linear' };
let home: string;
let studio: Studio;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'underpaint-starter-'));
  studio = openStudio({ home });
});

afterAll(async () => {
  await studio.dispose();
  await rm(home, { recursive: true, force: true });
});

it('computes what the training code computes', async () => {
  const path = fileURLToPath(new URL('../golden/starter/expected.safetensors', import.meta.url));
  const expected = await readSafetensors(path);
  const { source } = await studio.models.find(undefined);
  const pipeline = await loadModel({ source, provider: 'cpu', precision: 'fp32' });
  const inputs = new Map([...expected].filter(([name]) => ['tokens', 'label', 'logits_rows'].includes(name)));
  const got = await pipeline.trace({ cfg: 2, top_k: 0, top_p: 0 }, inputs, new AbortController().signal);
  for (const [name, tolerance] of [
    ['f_hat', 1e-4],
    ['logits', 5e-3],
    ['image', 1e-3],
  ] as const) {
    const { largest } = difference(got.get(name) as NamedArray, expected.get(name) as NamedArray);
    expect(largest, name).toBeLessThan(tolerance);
  }
  await pipeline.dispose();
});

it('paints in order, coarse to fine, and decodes its own tokens', async () => {
  const model = await studio.models.find(undefined);
  const description = await studio.describe(model, OPTIONS);
  const label = description.labels.indexOf('alpine lake');
  const steps: number[] = [];
  const request = { model: model.folder, label, seed: 7, settings: {} };
  const onEvent = (event: { type: string; step?: number }) => {
    if (event.type === 'step') steps.push(event.step as number);
  };
  const { image, record } = await studio.generate(request, OPTIONS, { onEvent });
  expect(steps).toEqual(description.tokensPerStep.map((_, step) => step));
  expect([image.width, image.height]).toEqual([128, 128]);
  expect((await studio.decode(model, record, OPTIONS)).data).toEqual(image.data);
  const other = await studio.generate({ ...request, seed: 8 }, OPTIONS);
  expect(other.image.data).not.toEqual(image.data);
});

it('paints what words say over a map', async () => {
  const path = fileURLToPath(new URL('../golden/starter-controlar/expected.safetensors', import.meta.url));
  const map = (await readSafetensors(path)).get('control_u8') as NamedArray;
  const model = await studio.models.find('starter-landscapes-control');
  expect((await studio.describe(model, OPTIONS)).controls).toEqual(['canny', 'depth', 'segmentation']);
  const paint = async (prompt: string) => {
    const control = { kind: 'canny', image: pictureOf(map) } as const;
    const request = { model: model.folder, label: null, prompt, control, seed: 7, settings: {} };
    return (await studio.generate(request, OPTIONS)).image;
  };
  const [day, night] = [await paint('a savanna by day'), await paint('hills under a starry sky at night')];
  expect([day.width, day.height]).toEqual([128, 128]);
  expect(brightness(night)).toBeLessThan(0.7 * brightness(day));
});

/** (3, H, W) of bytes as a picture. */
function pictureOf({ data, shape }: NamedArray): RgbImage {
  const [, height = 0, width = 0] = shape;
  const pixels = width * height;
  const interleaved = Uint8Array.from({ length: 3 * pixels }, (_, i) =>
    Number(data[(i % 3) * pixels + Math.floor(i / 3)]),
  );
  return { width, height, data: interleaved };
}

function brightness({ data }: RgbImage): number {
  return data.reduce((sum, byte) => sum + byte, 0) / data.length;
}
