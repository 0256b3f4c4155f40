/**
 * Areas painted with the embedded model: what stays, and whether a seam is seen.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineOptions } from '../../app/contracts/engine-api.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import type { ModelDescription } from '../../app/generation/request.ts';
import { cropRgb, fillMask, pasteRgb } from '../../app/imaging/regions.ts';
import { resizeRgb } from '../../app/imaging/resample.ts';
import type { Area, AreaPlan, PaintedFrame } from '../../app/tasks/paint-area.ts';
import { openStudio, type Studio } from '../../main/studio.ts';
import { paintTask } from '../../main/tasks/paint-tasks.ts';
import { type Seam, seamEnergy } from '../support/seam-energy.ts';

const OPTIONS: EngineOptions = { provider: 'cpu', precision: 'fp32', previews: 'linear' };
const SIDE = 512;
let home: string;
let studio: Studio;
let description: ModelDescription;
let model: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'underpaint-areas-'));
  studio = openStudio({ home });
  const starter = await studio.models.find(undefined);
  model = starter.folder;
  description = await studio.describe(starter, OPTIONS);
}, 60_000);

afterAll(async () => {
  await studio.dispose();
  await rm(home, { recursive: true, force: true });
}, 60_000);

function labelOf(name: string): number {
  return description.labels.indexOf(name);
}

it('goes on after frames that are done as if it had not been stopped', async () => {
  const cover = { width: 192, height: 128, data: new Uint8Array(192 * 128).fill(255) };
  const image = { width: 192, height: 128, data: new Uint8Array(192 * 128 * 3) };
  const plan: AreaPlan = { frame: { width: 128, height: 128 }, way: 'seamless', keepSteps: 0, detail: null };
  const task = {
    request: { model, label: labelOf('alpine lake'), seed: 5, settings: {} },
    area: { area: { image, cover }, plan },
  };
  const frames: PaintedFrame[] = [];
  const whole = await paintTask(studio, task, OPTIONS, { onFrame: (frame) => frames.push(frame) });
  expect(frames.map(({ frame }) => frame)).toEqual([0, 1, 2]);
  const done = Int32Array.from(frames.slice(0, 2).flatMap(({ tokens }) => [...tokens]));
  const events: string[] = [];
  const resumed = await paintTask(studio, task, OPTIONS, { done, onEvent: ({ type }) => void events.push(type) });
  expect(resumed.image).toEqual(whole.image);
  expect(resumed.record).toEqual(whole.record);
  expect(events.filter((type) => type === 'step')).toHaveLength(description.tokensPerStep.length);
}, 60_000);

async function paint(name: string, seed: number, area?: { area: Area; plan: AreaPlan }): Promise<RgbImage> {
  const request = { model, label: labelOf(name), seed, settings: {} };
  return (await paintTask(studio, { request, area }, OPTIONS)).image;
}

/** Where the picture lies: without the outermost pixels of the model's picture, where its decoder leaves a line. */
const INNER = { x: 264, y: 0, width: SIDE - 16, height: SIDE };

/** A picture of the model, four times as large, in the middle of a canvas of 1024×512. */
async function wideArea(name: string, seed: number): Promise<Area> {
  const image = { width: 1024, height: SIDE, data: new Uint8Array(1024 * SIDE * 3) };
  const large = resizeRgb(await paint(name, seed), SIDE, SIDE);
  pasteRgb(image, cropRgb(large, { ...INNER, x: 8 }), INNER);
  const cover = { width: 1024, height: SIDE, data: new Uint8Array(1024 * SIDE).fill(255) };
  fillMask(cover, INNER, 0);
  return { image, cover };
}

const PLAN: AreaPlan = { frame: { width: SIDE, height: SIDE }, way: 'seamless', keepSteps: 0, detail: null };
const SEAMS: readonly Seam[] = [
  { axis: 'x', at: INNER.x },
  { axis: 'x', at: INNER.x + INNER.width },
];

describe('a picture that goes on to 1024×512', () => {
  it.each([
    ['alpine lake', 3],
    ['sunset ocean', 5],
  ])(
    'keeps its pixels, and shows no seam: %s',
    async (name, seed) => {
      const area = await wideArea(name, seed);
      const done = await paint(name, seed, { area, plan: PLAN });
      expect(cropRgb(done, INNER)).toEqual(cropRgb(area.image, INNER));
      const energies = SEAMS.map((seam) => seamEnergy(done, seam, [INNER.x, INNER.x + INNER.width]));
      for (const energy of energies) expect(energy).toBeLessThan(1.2);
    },
    180_000,
  );
});
