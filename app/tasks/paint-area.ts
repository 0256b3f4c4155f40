/**
 * Painting an area of a picture of any size with a model of one size: in-painting, out-painting, changing the class of a part
 * and large pictures are all this. What asks the model is given, so that the command line and the window share it.
 */
import { StudioError } from '../base/errors.ts';
import { gridOutside, keptByGrid } from '../generation/kept-by-grid.ts';
import { keptOutside } from '../generation/kept-outside.ts';
import { keptSteps } from '../generation/kept-steps.ts';
import type { RgbImage } from '../generation/pipeline-event.ts';
import type { KeptTokens, ModelDescription } from '../generation/request.ts';
import type { Mask } from '../imaging/mask.ts';
import { cropMask, cropRgb, fillMask, pasteRgb } from '../imaging/regions.ts';
import { resizeMask, resizeRgb } from '../imaging/resample.ts';
import { compositeSeamless, fillCovered, withTonesOf } from '../imaging/seamless.ts';
import { type FrameSize, type PlannedFrame, planFrames } from './plan-frames.ts';

/**
 * `seamless`: what is covered has no say in what comes, and what is not covered stays to the bit. `authors`: as VAR's
 * authors edit pictures, see `keptByGrid`; all of a frame is what the model gave.
 */
export type Way = 'seamless' | 'authors';

/** How an area is painted. */
export interface AreaPlan {
  /** What the model sees at once, in pixels of the picture. */
  readonly frame: FrameSize;
  readonly way: Way;
  /** First steps of what stands there that are taken over under the cover too: 0 takes nothing of it. */
  readonly keepSteps: number;
  /** Goes over the area once more in smaller frames that take over the tones and the first steps of what was painted. */
  readonly detail: { readonly frame: FrameSize; readonly keepSteps: number } | null;
}

export interface Area {
  readonly image: RgbImage;
  /** Of the picture's size: 0 keeps a pixel, 255 paints it anew, what lies between mixes. */
  readonly cover: Mask;
}

/** What painting asks of a model. */
export interface FrameModel {
  readonly description: ModelDescription;
  encode(image: RgbImage): Promise<Int32Array>;
  /**
   * @param frame 0, 1, … over all of the task: each has its own random numbers
   * @param seen what the frame shows, as it is now, in the picture's own pixels
   */
  paint(
    kept: KeptTokens | undefined,
    frame: number,
    seen: RgbImage,
  ): Promise<{ readonly image: RgbImage; readonly tokens: Int32Array }>;
}

export interface PaintedFrame {
  /** 0 … frames − 1. */
  readonly frame: number;
  readonly frames: number;
  readonly tokens: Int32Array;
  /** All of the picture, as it is now; the last one is the result. */
  readonly image: RgbImage;
}

/**
 * Paints frame after frame; see `planFrames` for their order.
 *
 * @throws bad-request when picture and cover differ in size, or nothing is covered; and what the model throws
 */
export async function* paintArea(area: Area, plan: AreaPlan, model: FrameModel): AsyncGenerator<PaintedFrame> {
  const passes = passesOf(area, plan);
  const frames = passes.reduce((sum, pass) => sum + pass.planned.length, 0);
  const image = { ...area.image, data: area.image.data.slice() };
  let frame = 0;
  for (const pass of passes) {
    const cover = { ...area.cover, data: area.cover.data.slice() };
    for (const { seen, painted } of pass.planned) {
      const part: Area = { image: cropRgb(image, seen), cover: cropMask(cover, seen, 255) };
      const made = await model.paint(await keptTokens(part, pass, model), frame, part.image);
      const done = finish(part, made.image, pass);
      const inner = { ...painted, x: painted.x - seen.x, y: painted.y - seen.y };
      pasteRgb(image, cropRgb(done, inner), painted);
      fillMask(cover, painted, 0);
      yield { frame, frames, tokens: made.tokens, image };
      frame++;
    }
  }
}

/** How often the model paints for it. Throws as `paintArea`. */
export function countFrames(area: Area, plan: AreaPlan): number {
  return plannedFrames(area, plan).length;
}

export interface FrameOfPass extends PlannedFrame {
  /** It only adds detail to what was painted before. */
  readonly keepsTones: boolean;
}

/** The frames in the order in which they are painted. Throws as `paintArea`. */
export function plannedFrames(area: Area, plan: AreaPlan): readonly FrameOfPass[] {
  return passesOf(area, plan).flatMap(({ planned, keepsTones }) => planned.map((frame) => ({ ...frame, keepsTones })));
}

interface Pass {
  readonly planned: readonly PlannedFrame[];
  readonly way: Way;
  readonly keepSteps: number;
  readonly keepsTones: boolean;
}

function passesOf({ image, cover }: Area, { frame, way, keepSteps, detail }: AreaPlan): Pass[] {
  if (image.width !== cover.width || image.height !== cover.height) {
    throw new StudioError('bad-request', 'The mask does not have the size of the picture.');
  }
  if (!cover.data.some((value) => value > 0)) {
    throw new StudioError('bad-request', 'The mask is empty: there is nothing to paint.', {
      hint: 'Paint white, or any colour that is not black, where the picture is to be painted anew.',
    });
  }
  const first: Pass = { planned: planFrames(cover, frame), way, keepSteps, keepsTones: false };
  if (!detail) return [first];
  const second = { planned: planFrames(cover, detail.frame), way, keepSteps: detail.keepSteps, keepsTones: true };
  return [first, second];
}

/**
 * The tokens that a frame takes over from what it shows; undefined when it takes over nothing.
 *
 * @param area what the frame shows, in any size
 */
export async function keptTokens(
  { image, cover }: Area,
  { way, keepSteps }: Pick<AreaPlan, 'way' | 'keepSteps'>,
  model: Pick<FrameModel, 'description' | 'encode'>,
): Promise<KeptTokens | undefined> {
  const { description } = model;
  const { width, height, tokensPerStep } = description;
  const seen = resizeRgb(image, width, height);
  const covered = resizeMask(cover, width, height);
  if (way === 'authors') {
    return { tokens: await model.encode(seen), mask: keptByGrid(gridOutside(covered, tokensPerStep), tokensPerStep) };
  }
  if (keepSteps === 0 && !covered.data.includes(0)) return undefined;
  const tokens = await model.encode(keepSteps > 0 ? seen : fillCovered(seen, covered));
  const first = keptSteps(description, keepSteps);
  return { tokens, mask: keptOutside(covered, description).map((kept, i) => kept | (first[i] as number)) };
}

function finish({ image, cover }: Area, made: RgbImage, { way, keepsTones }: Pass): RgbImage {
  const fresh = resizeRgb(made, image.width, image.height);
  if (way === 'authors') return fresh;
  return compositeSeamless(image, keepsTones ? withTonesOf(image, fresh) : fresh, cover);
}
