/**
 * What lies over the frame: the run in progress, the variant that waits, and how sure the model was of it.
 */
import type { Rect } from '../../app/document/document.ts';
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import { currentDocument } from '../stores/document-store.ts';
import { stepsOf } from '../stores/model-store.ts';
import { currentVariant, stagingStore, type Variant } from '../stores/staging-store.ts';
import { rgbaToBitmap } from './bitmap.ts';
import { cutToCover, maskCover } from './mask-cover.ts';
import type { PaintingCanvas } from './painting-canvas.ts';
import { canvasOf } from './picture-canvas.ts';
import type { Overlay } from './viewport.ts';

/** Bits at which a token counts as wholly undecided. */
const UNDECIDED_BITS = 8;

export function stagingOverlays(painting: PaintingCanvas): Overlay[] {
  const { running, shownImage, compare, showConfidence } = stagingStore.getState();
  const preview = running?.previews.at(-1);
  if (running && preview) return [overlay(canvasOf(preview), running.frame, 0)];
  const variant = currentVariant();
  if (!variant) return [];
  const picture = overlay(shownPicture(painting, variant, shownImage ?? variant.image), variant.frame, compare);
  if (!showConfidence || variant.entropy.length === 0) return [picture];
  return [picture, { ...overlay(confidenceMap(variant), variant.frame, 0), smooth: false, opacity: 0.6 }];
}

/** The picture as it would be accepted: cut to the masks when it was made for them. */
export function shownPicture(painting: PaintingCanvas, { masked, frame }: Variant, image: RgbImage): OffscreenCanvas {
  const cover = masked ? maskCover(painting, currentDocument(), frame) : undefined;
  return cover ? cutToCover(image, cover) : canvasOf(image);
}

function overlay(image: OffscreenCanvas, rect: Rect, from: number): Overlay {
  return { image, rect, from, smooth: true, opacity: 1 };
}

const maps = new WeakMap<Float32Array, OffscreenCanvas>();

/** The last step's tokens: clear where the model was sure, warm where it was not. */
function confidenceMap(variant: {
  readonly entropy: Float32Array;
  readonly request: { readonly model: string };
}): OffscreenCanvas {
  const known = maps.get(variant.entropy);
  if (known) return known;
  const count = stepsOf(variant.request.model).at(-1) ?? 0;
  const last = variant.entropy.subarray(variant.entropy.length - count);
  const side = Math.max(1, Math.round(Math.sqrt(count)));
  const pixels = new Uint8ClampedArray(side * side * 4);
  for (const [i, bits] of last.entries()) {
    const doubt = Math.min(1, bits / UNDECIDED_BITS);
    pixels.set([255, 200 * (1 - doubt), 0, 255 * doubt], i * 4);
  }
  const { canvas } = rgbaToBitmap(side, side, pixels);
  maps.set(variant.entropy, canvas);
  return canvas;
}
