import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../generation/pipeline-event.ts';
import type { KeptTokens, ModelDescription } from '../generation/request.ts';
import { fillMask } from '../imaging/regions.ts';
import { randomBytes } from '../imaging/testing/random-bytes.ts';
import { type Area, type AreaPlan, type FrameModel, type PaintedFrame, paintArea } from './paint-area.ts';

const SIDE = 32;
const description: ModelDescription = {
  family: 'flat',
  title: 'Flat',
  width: SIDE,
  height: SIDE,
  labels: [],
  classes: 1,
  tokensPerStep: [1, 4, 16],
  symbolsPerToken: 1,
  vocabulary: 256,
  capabilities: [],
  words: false,
  controls: [],
  settings: [],
};

/** Its only tokens are the mean brightness of a picture, and it paints frames in a flat grey. */
class FlatModel implements FrameModel {
  readonly description = description;
  readonly encoded: RgbImage[] = [];
  readonly kept: (KeptTokens | undefined)[] = [];

  async encode(image: RgbImage): Promise<Int32Array> {
    this.encoded.push(image);
    return new Int32Array(21).fill(image.data.reduce((sum, value) => sum + value, 0) / image.data.length);
  }

  async paint(kept: KeptTokens | undefined, frame: number) {
    this.kept.push(kept);
    const data = new Uint8Array(SIDE * SIDE * 3).fill(kept?.tokens[0] ?? 90);
    return { image: { width: SIDE, height: SIDE, data }, tokens: new Int32Array(21).fill(frame) };
  }
}

const PLAN: AreaPlan = { frame: { width: SIDE, height: SIDE }, way: 'seamless', keepSteps: 0, detail: null };

function area(width: number, height: number, ...covered: Parameters<typeof fillMask>[1][]): Area {
  const cover = { width, height, data: new Uint8Array(width * height) };
  for (const rect of covered) fillMask(cover, rect, 255);
  return { image: { width, height, data: randomBytes(width * height * 3, 5) }, cover };
}

async function paint(task: Area, plan: AreaPlan, model: FrameModel): Promise<PaintedFrame[]> {
  const frames: PaintedFrame[] = [];
  for await (const frame of paintArea(task, plan, model)) frames.push(frame);
  return frames;
}

describe('painting an area', () => {
  it('changes all that is covered, and nothing else', async () => {
    const task = area(96, 48, { x: 30, y: 10, width: 66, height: 38 });
    const before = task.image.data.slice();
    const frames = await paint(task, PLAN, new FlatModel());
    expect(frames.length).toBeGreaterThan(3);
    expect(frames.map(({ frame }) => frame)).toEqual([...frames.keys()]);
    expect(frames[0]?.frames).toBe(frames.length);
    const data = frames.at(-1)?.image.data ?? new Uint8Array();
    const wrong = [...data.keys()].filter((i) => task.cover.data[Math.floor(i / 3)] === 0 && data[i] !== before[i]);
    expect(wrong).toEqual([]);
    expect(task.image.data).toEqual(before);
  });

  it('never shows the model what is covered', async () => {
    const rect = { x: 8, y: 8, width: 16, height: 16 };
    const [one, two] = [area(SIDE, SIDE, rect), area(SIDE, SIDE, rect)];
    two.image.data.forEach((value, i) => {
      if (two.cover.data[Math.floor(i / 3)]) two.image.data[i] = 255 - value;
    });
    const models = [new FlatModel(), new FlatModel()] as const;
    await paint(one, PLAN, models[0]);
    await paint(two, PLAN, models[1]);
    expect(models[0].encoded).toEqual(models[1].encoded);
  });

  it('shows the authors’ model everything, and takes over its frame', async () => {
    const model = new FlatModel();
    const task = area(SIDE, SIDE, { x: 0, y: 0, width: 16, height: SIDE });
    const [frame] = await paint(task, { ...PLAN, way: 'authors' }, model);
    expect(model.encoded).toEqual([task.image]);
    expect([...(model.kept[0]?.mask ?? [])].slice(0, 9)).toEqual([1, 0, 1, 0, 1, 0, 0, 1, 1]);
    expect(new Set(frame?.image.data).size).toBe(1);
  });

  it('keeps first steps of what is covered when it is asked to', async () => {
    const model = new FlatModel();
    await paint(area(SIDE, SIDE, { x: 0, y: 0, width: SIDE, height: SIDE }), { ...PLAN, keepSteps: 2 }, model);
    expect(model.kept[0]?.mask).toEqual(Uint8Array.from({ length: 21 }, (_, i) => (i < 5 ? 1 : 0)));
  });

  it('takes nothing over from an empty picture, and goes over it again in smaller frames', async () => {
    const model = new FlatModel();
    const whole = area(64, 64, { x: 0, y: 0, width: 64, height: 64 });
    const plan: AreaPlan = {
      ...PLAN,
      frame: { width: 64, height: 64 },
      detail: { frame: PLAN.frame, keepSteps: 1 },
    };
    const frames = await paint(whole, plan, model);
    expect(model.kept[0]).toBeUndefined();
    expect(model.kept.slice(1).every((kept) => kept?.mask[0] === 1)).toBe(true);
    expect(frames.length).toBeGreaterThan(4);
  });

  it('works on pictures of one pixel, and smaller than the frame', async () => {
    const dot = area(1, 1, { x: 0, y: 0, width: 1, height: 1 });
    expect((await paint(dot, { ...PLAN, frame: { width: 1, height: 1 } }, new FlatModel())).length).toBe(1);
    const strip = area(20, 3, { x: 4, y: 0, width: 5, height: 3 });
    expect((await paint(strip, PLAN, new FlatModel())).at(-1)?.image).toMatchObject({ width: 20, height: 3 });
  });

  it('refuses an empty mask, and one of another size', async () => {
    await expect(paint(area(8, 8), PLAN, new FlatModel())).rejects.toThrow('The mask is empty');
    const task = area(8, 8);
    const cover = area(4, 4, { x: 0, y: 0, width: 4, height: 4 }).cover;
    await expect(paint({ ...task, cover }, PLAN, new FlatModel())).rejects.toThrow('size of the picture');
  });
});
