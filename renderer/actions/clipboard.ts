/**
 * Cut, copy and paste of pixels. What was copied here is pasted to the place where it was; other pictures to the middle.
 */
import { findLayer } from '../../app/document/edits.ts';
import { type Bitmap, createBitmap } from '../canvas/bitmap.ts';
import { canvas } from '../canvas/open-canvas.ts';
import { currentDocument } from '../stores/document-store.ts';
import { notify, reportError } from '../stores/notice-store.ts';
import { words } from '../text/words.ts';
import { clearLayer } from './layers.ts';
import { openFile } from './painting-files.ts';
import { insertLayer } from './staging.ts';

let copied: { readonly name: string; readonly pixels: Bitmap } | undefined;

export async function copySelection(): Promise<void> {
  const document = currentDocument();
  const layer = findLayer(document, document.activeLayer);
  const { painting } = canvas();
  const surface = layer && painting.surface(layer.id);
  if (!layer || !surface) return notify('info', words().notice.nothingCopied);
  const pixels = createBitmap(document.width, document.height);
  pixels.context.drawImage(surface.bitmap.canvas, 0, 0);
  const selection = painting.selectionMask();
  if (selection) {
    pixels.context.globalCompositeOperation = 'destination-in';
    pixels.context.drawImage(selection, 0, 0);
    pixels.context.globalCompositeOperation = 'source-over';
  }
  copied = { name: layer.name, pixels };
  await toSystemClipboard(pixels);
}

export async function cutSelection(): Promise<void> {
  await copySelection();
  clearLayer();
}

/** Other programs' pictures count when they were copied after the last copy here. */
export async function pasteClipboard(): Promise<void> {
  try {
    const file = copied ? undefined : await fromSystemClipboard();
    if (file) return await openFile(file);
    if (!copied) return notify('info', words().notice.nothingCopied);
    insertLayer('edit.paste', copied.name, copied.pixels, canvas().painting.bounds);
  } catch (error) {
    reportError(error);
  }
}

/** A browser may refuse; the studio's own copy is there all the same. */
async function toSystemClipboard({ canvas }: Bitmap): Promise<void> {
  try {
    const png = await canvas.convertToBlob({ type: 'image/png' });
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
  } catch {
    // Without the permission only this window can paste it.
  }
}

async function fromSystemClipboard(): Promise<File | undefined> {
  try {
    for (const item of await navigator.clipboard.read()) {
      const type = item.types.find((name) => name.startsWith('image/'));
      if (type) return new File([await item.getType(type)], 'pasted.png', { type });
    }
  } catch {
    // Without the permission there is nothing to read.
  }
  return undefined;
}
