/**
 * What becomes of the picture over the frame.
 */
import type { Rect } from '../../app/document/document.ts';
import { addLayer, newLayer } from '../../app/document/edits.ts';
import { type Bitmap, createBitmap } from '../canvas/bitmap.ts';
import { canvas } from '../canvas/open-canvas.ts';
import { acceptedPicture } from '../canvas/staging-overlays.ts';
import { edit } from '../stores/document-store.ts';
import { notify } from '../stores/notice-store.ts';
import {
  currentVariant,
  type HeldScales,
  removeVariant,
  restoreVariant,
  showVariant,
  stagingStore,
} from '../stores/staging-store.ts';
import { words } from '../text/words.ts';

/** The shown picture becomes a layer; the variants stay to be looked at again. */
export function acceptVariant(): void {
  const variant = currentVariant();
  if (!variant) return;
  const { shownImage } = stagingStore.getState();
  const { painting } = canvas();
  const picture = acceptedPicture(painting, variant, shownImage ?? variant.image);
  const pixels = placed(picture, variant.frame, painting.bounds);
  insertLayer('edit.accept', variant.title || words().layers.picture, pixels, variant.frame);
  showVariant(null);
}

/** Takes the picture out of the staging area; its file stays in the gallery. */
export function discardVariant(): void {
  const variant = currentVariant();
  if (!variant) return;
  const { variants } = stagingStore.getState();
  removeVariant(variant.id);
  if (variant.live) return;
  const action = { label: words().notice.takeBack, run: () => restoreVariant(variant, variants.indexOf(variant)) };
  notify('info', words().notice.discarded, { action });
}

/** Pictures that are asked for from now on take these scales over; null lets them go. */
export function holdScales(held: HeldScales | null): void {
  stagingStore.setState({ held });
}

/** Nothing lies over the frame any more; all variants stay, and so does a run that is paused. */
export function hideVariant(): void {
  if (stagingStore.getState().running?.paused) stagingStore.setState({ running: null });
  showVariant(null);
}

/** Adds a layer with pixels of the painting's size as one step of the history. */
export function insertLayer(label: string, name: string, pixels: Bitmap, area: Rect): void {
  const layer = canvas().painting.fillLayer(newLayer('paint', name), pixels, area);
  edit(label, (document) => addLayer(document, layer));
}

/** An image drawn to a rectangle of an empty canvas of the painting's size. */
export function placed(image: CanvasImageSource, rect: Rect, { width, height }: Rect): Bitmap {
  const bitmap = createBitmap(width, height);
  bitmap.context.imageSmoothingQuality = 'high';
  bitmap.context.drawImage(image, rect.x, rect.y, rect.width, rect.height);
  return bitmap;
}
