/**
 * What lies over the frame: the run in progress, the variant that waits, and how sure the model was of it.
 */
import type { PaintingDocument, Rect } from '../../app/document/document.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import { areaOfCell, type StepCells } from '../../app/generation/step-cells.ts';
import { growMask } from '../../app/imaging/mask-operations.ts';
import { type PackedMask, unpackRuns } from '../../app/imaging/run-lengths.ts';
import type { AreaPlan } from '../../app/tasks/paint-area.ts';
import { planFrames } from '../../app/tasks/plan-frames.ts';
import { currentDocument } from '../stores/document-store.ts';
import { areasOf, cellsOf, modelStore, stepsOf } from '../stores/model-store.ts';
import { currentVariant, type RunningPreview, stagingStore, type Variant } from '../stores/staging-store.ts';
import { createBitmap, readRgb, rgbaToBitmap } from './bitmap.ts';
import { cutOut, patchOver } from './mask-cover.ts';
import type { PaintingCanvas } from './painting-canvas.ts';
import { canvasOf } from './picture-canvas.ts';
import type { Overlay } from './viewport.ts';

/** Bits at which a token counts as wholly undecided. */
const UNDECIDED_BITS = 8;

/** Cover of a live picture while the person paints under it. */
const LIVE_COVER = 0.35;

/** @param isPainting whether a gesture is in progress */
export function stagingOverlays(painting: PaintingCanvas, isPainting: boolean): Overlay[] {
  const { running, shownImage, shownStep, compare, showConfidence } = stagingStore.getState();
  const cover = isPainting && modelStore.getState().live ? LIVE_COVER : 1;
  const preview = running?.previews.at(-1);
  if (running && preview) return [{ ...overlay(runningPicture(running, preview), running.frame, 0), opacity: cover }];
  const variant = currentVariant();
  if (!variant) return [];
  const shown = shownPicture(painting, variant, shownImage ?? variant.image);
  const picture = { ...overlay(shown, variant.frame, compare), opacity: cover };
  if (!showConfidence || variant.entropy.length === 0) return [picture];
  return [picture, { ...overlay(confidenceMap(variant, shownStep), variant.frame, 0), smooth: false, opacity: 0.6 }];
}

/** Of an area only the tiles that are painted: elsewhere the painting shows as it is. */
function runningPicture(running: RunningPreview, preview: RgbImage): OffscreenCanvas {
  const { plan, cover, frame, step } = running;
  if (!plan) return paintedPart(preview, running);
  const shown = cover ? cutOutOnce(preview, cover) : canvasOf(preview);
  const tiles = paintedTiles(running, plan);
  if (step >= tiles.length) return shown;
  const { canvas, context } = createBitmap(shown.width, shown.height);
  const [across, down] = [shown.width / frame.width, shown.height / frame.height];
  for (const { x, y, width, height } of tiles.slice(0, step + 1)) {
    const part = [x * across, y * down, width * across, height * down] as const;
    context.drawImage(shown, ...part, ...part);
  }
  return canvas;
}

/** What each tile of an area's first pass paints, in pixels of the frame. */
function paintedTiles({ job, cover, frame }: RunningPreview, plan: AreaPlan): readonly Rect[] {
  if (tilesOfJob.job === job) return tilesOfJob.tiles;
  const { width, height } = frame;
  const area = cover ? unpackRuns(cover) : { width, height, data: new Uint8Array(width * height).fill(255) };
  tilesOfJob = { job, tiles: planFrames(area, plan.frame).map(({ painted }) => painted) };
  return tilesOfJob.tiles;
}

let tilesOfJob: { readonly job: string; readonly tiles: readonly Rect[] } = { job: '', tiles: [] };

/** What is accepted of a picture: only the part that it was made for, brought to what lies under it. */
export function acceptedPicture(painting: PaintingCanvas, variant: Variant, image: RgbImage): OffscreenCanvas {
  const { cover, plan } = variant;
  return plan && cover ? cutOut(canvasOf(image), unpackRuns(cover)) : shownPicture(painting, variant, image);
}

function shownPicture(painting: PaintingCanvas, { cover, frame, plan }: Variant, image: RgbImage): OffscreenCanvas {
  if (!cover) return canvasOf(image);
  if (plan) return cutOutOnce(image, cover);
  const document = currentDocument();
  const known = patches.get(image);
  if (known?.document === document) return known.canvas;
  const { width, height } = cover;
  const under = readRgb(painting.compositor.picture().canvas, frame, width, height);
  const canvas = patchOver(under, image, unpackRuns(cover));
  patches.set(image, { document, canvas });
  return canvas;
}

/** A pixel more than what is covered: where the view makes it smaller, no line is seen along its edge. */
function cutOutOnce(image: RgbImage, cover: PackedMask): OffscreenCanvas {
  const known = cutOuts.get(image);
  if (known) return known;
  const canvas = cutOut(canvasOf(image), growMask(unpackRuns(cover), 1));
  cutOuts.set(image, canvas);
  return canvas;
}

const cutOuts = new WeakMap<RgbImage, OffscreenCanvas>();

/** Of pictures that are made for a part, as they lie over a document. */
const patches = new WeakMap<RgbImage, { readonly document: PaintingDocument; readonly canvas: OffscreenCanvas }>();

function overlay(image: OffscreenCanvas, rect: Rect, from: number): Overlay {
  return { image, rect, from, smooth: true, opacity: 1 };
}

/** The preview of a run; where each step paints a part of the picture, what is not painted yet stays clear. */
function paintedPart(preview: RgbImage, { model, step }: RunningPreview): OffscreenCanvas {
  const areas = areasOf(model);
  const canvas = canvasOf(preview);
  if (!areas) return canvas;
  const { width, height } = preview;
  const bitmap = createBitmap(width, height);
  for (const area of areas.slice(0, step + 1)) {
    const [x, y] = [Math.round(area.x * width), Math.round(area.y * height)];
    const right = Math.round((area.x + area.width) * width);
    const bottom = Math.round((area.y + area.height) * height);
    if (right > x && bottom > y)
      bitmap.context.drawImage(canvas, x, y, right - x, bottom - y, x, y, right - x, bottom - y);
  }
  return bitmap.canvas;
}

/** By the step, for each variant. */
const maps = new WeakMap<Float32Array, Map<number, OffscreenCanvas>>();

/**
 * The tokens of a step, the last one when it is left out, and where each step paints a part of the picture those before it:
 * clear where the model was sure, warm where it was not.
 */
function confidenceMap({ entropy, request: { model } }: Variant, shownStep: number | null): OffscreenCanvas {
  const step = shownStep ?? stepsOf(model).length - 1;
  const known = maps.get(entropy) ?? new Map<number, OffscreenCanvas>();
  maps.set(entropy, known);
  const map = known.get(step) ?? drawConfidence(entropy, model, step);
  known.set(step, map);
  return map;
}

function drawConfidence(entropy: Float32Array, model: string, last: number): OffscreenCanvas {
  const steps = stepsOf(model);
  const first = areasOf(model) ? 0 : last;
  const side = Math.max(1, ...steps.slice(first, last + 1).flatMap((_, i) => gridOf(cellsOf(model, first + i))));
  const { canvas, context } = createBitmap(side, side);
  context.imageSmoothingEnabled = false;
  let start = steps.slice(0, first).reduce((sum, tokens) => sum + tokens, 0);
  for (let step = first; step <= last; step++) {
    const { area, columns, rows } = cellsOf(model, step);
    const bits = entropy.subarray(start, start + columns * rows);
    const tokens = rgbaToBitmap(columns, rows, warmth(bits)).canvas;
    context.drawImage(tokens, area.x * side, area.y * side, area.width * side, area.height * side);
    start += steps[step] ?? 0;
  }
  return canvas;
}

/** Tokens that a whole picture would have across and down, if all lay as densely as these. */
function gridOf({ area, columns, rows }: StepCells): number[] {
  return [Math.round(columns / area.width), Math.round(rows / area.height)];
}

/** RGBA of each token. */
function warmth(entropy: Float32Array): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(entropy.length * 4);
  for (const [i, bits] of entropy.entries()) {
    const doubt = Math.min(1, bits / UNDECIDED_BITS);
    pixels.set([255, 200 * (1 - doubt), 0, 255 * doubt], i * 4);
  }
  return pixels;
}

/** The token whose alternatives are looked at, in pixels of the painting. */
export function placeRect(): Rect | undefined {
  const variant = currentVariant();
  const { place, showConfidence } = stagingStore.getState();
  if (!variant || !place || !showConfidence) return undefined;
  const { frame, request } = variant;
  const { x, y, width, height } = areaOfCell(cellsOf(request.model, place.step), place.position);
  return {
    x: frame.x + x * frame.width,
    y: frame.y + y * frame.height,
    width: width * frame.width,
    height: height * frame.height,
  };
}
