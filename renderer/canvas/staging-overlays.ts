/**
 * What lies over the frame: the run in progress, the variant that waits, and how sure the model was of it.
 */
import type { PaintingDocument, Rect } from '../../app/document/document.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import { type PackedMask, unpackRuns } from '../../app/imaging/run-lengths.ts';
import { currentDocument } from '../stores/document-store.ts';
import { modelStore, stepsOf } from '../stores/model-store.ts';
import { currentVariant, type RunningPreview, stagingStore, type Variant } from '../stores/staging-store.ts';
import { readRgb, rgbaToBitmap } from './bitmap.ts';
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

/** Of an area only the part that is painted: around it the painting shows as it is. */
function runningPicture({ isArea, cover }: RunningPreview, preview: RgbImage): OffscreenCanvas {
  return isArea && cover ? cutOutOnce(preview, cover) : canvasOf(preview);
}

/** The picture as it would be accepted: only the part that it was made for, brought to what lies under it. */
export function shownPicture(
  painting: PaintingCanvas,
  { cover, frame, plan }: Variant,
  image: RgbImage,
): OffscreenCanvas {
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

function cutOutOnce(image: RgbImage, cover: PackedMask): OffscreenCanvas {
  const known = cutOuts.get(image);
  if (known) return known;
  const canvas = cutOut(canvasOf(image), unpackRuns(cover));
  cutOuts.set(image, canvas);
  return canvas;
}

const cutOuts = new WeakMap<RgbImage, OffscreenCanvas>();

/** Of pictures that are made for a part, as they lie over a document. */
const patches = new WeakMap<RgbImage, { readonly document: PaintingDocument; readonly canvas: OffscreenCanvas }>();

function overlay(image: OffscreenCanvas, rect: Rect, from: number): Overlay {
  return { image, rect, from, smooth: true, opacity: 1 };
}

/** By the step, for each variant. */
const maps = new WeakMap<Float32Array, Map<number, OffscreenCanvas>>();

/** The tokens of a step, the last one when it is left out: clear where the model was sure, warm where it was not. */
function confidenceMap({ entropy, request }: Variant, shownStep: number | null): OffscreenCanvas {
  const steps = stepsOf(request.model);
  const step = shownStep ?? steps.length - 1;
  const known = maps.get(entropy) ?? new Map<number, OffscreenCanvas>();
  maps.set(entropy, known);
  const map = known.get(step) ?? drawConfidence(entropy, steps, step);
  known.set(step, map);
  return map;
}

function drawConfidence(entropy: Float32Array, steps: readonly number[], step: number): OffscreenCanvas {
  const count = steps[step] ?? 0;
  const start = steps.slice(0, step).reduce((sum, tokens) => sum + tokens, 0);
  const side = Math.max(1, Math.round(Math.sqrt(count)));
  const pixels = new Uint8ClampedArray(side * side * 4);
  for (const [i, bits] of entropy.subarray(start, start + count).entries()) {
    const doubt = Math.min(1, bits / UNDECIDED_BITS);
    pixels.set([255, 200 * (1 - doubt), 0, 255 * doubt], i * 4);
  }
  return rgbaToBitmap(side, side, pixels).canvas;
}

/** The token whose alternatives are looked at, in pixels of the painting. */
export function placeRect(): Rect | undefined {
  const variant = currentVariant();
  const { place, showConfidence } = stagingStore.getState();
  if (!variant || !place || !showConfidence) return undefined;
  const { frame, request } = variant;
  const side = Math.round(Math.sqrt(stepsOf(request.model)[place.step] ?? 1));
  const [width, height] = [frame.width / side, frame.height / side];
  const [column, row] = [place.position % side, Math.floor(place.position / side)];
  return { x: frame.x + column * width, y: frame.y + row * height, width, height };
}
