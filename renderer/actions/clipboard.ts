/**
 * Cut, copy and paste of pixels. What was copied here is pasted to the place where it was; other pictures to the middle.
 *
 * Keys and the desktop program's menu come as events of the window, which may read and write the clipboard without a
 * permission, but write text alone. Pictures get to other programs where the browser lets a page write them.
 */
import { findLayer } from '../../app/document/edits.ts';
import { type Bitmap, createBitmap } from '../canvas/bitmap.ts';
import { canvas } from '../canvas/open-canvas.ts';
import { currentDocument } from '../stores/document-store.ts';
import { notify, reportError } from '../stores/notice-store.ts';
import { uiStore } from '../stores/ui-store.ts';
import { words } from '../text/words.ts';
import { clearLayer } from './layers.ts';
import { openFile } from './painting-files.ts';
import { insertLayer } from './staging.ts';
import { isTextField } from './text-field.ts';

let copied: { readonly name: string; readonly pixels: Bitmap } | undefined;
/** Whether the person was elsewhere since, and may have copied something there. */
let wasAway = false;

/** Returns whether there was something to copy. */
export function copySelection(): boolean {
  const document = currentDocument();
  const layer = findLayer(document, document.activeLayer);
  const { painting } = canvas();
  const surface = layer && painting.surface(layer.id);
  if (!layer || !surface) {
    notify('info', words().notice.nothingCopied);
    return false;
  }
  const pixels = createBitmap(document.width, document.height);
  pixels.context.drawImage(surface.bitmap.canvas, 0, 0);
  const selection = painting.selectionMask();
  if (selection) {
    pixels.context.globalCompositeOperation = 'destination-in';
    pixels.context.drawImage(selection, 0, 0);
    pixels.context.globalCompositeOperation = 'source-over';
  }
  copied = { name: layer.name, pixels };
  wasAway = false;
  void toSystemClipboard(pixels);
  return true;
}

/** Returns whether there was something to cut. */
export function cutSelection(): boolean {
  const hasCopied = copySelection();
  if (hasCopied) clearLayer();
  return hasCopied;
}

export async function pasteClipboard(): Promise<void> {
  await paste(copied && !wasAway ? [] : await fromSystemClipboard());
}

/** Follows the window's own events for as long as it lives. */
export function listenForClipboard(): void {
  window.addEventListener('blur', () => {
    wasAway = true;
  });
  window.addEventListener('copy', (event) => putInto(event, copySelection));
  window.addEventListener('cut', (event) => putInto(event, cutSelection));
  window.addEventListener('paste', (event) => {
    if (!isForCanvas(event)) return;
    event.preventDefault();
    void paste(copied && !wasAway ? [] : [...(event.clipboardData?.files ?? [])]);
  });
}

/** The text takes the place of what another program put there before. */
function putInto(event: ClipboardEvent, copy: () => boolean): void {
  if (!isForCanvas(event)) return;
  event.preventDefault();
  if (copy()) event.clipboardData?.setData('text/plain', copied?.name ?? '');
}

/** Text keeps the browser's own way. */
function isForCanvas({ target, defaultPrevented }: ClipboardEvent): boolean {
  if (defaultPrevented || uiStore.getState().dialog !== null) return false;
  if (isTextField(target)) return false;
  return document.getSelection()?.isCollapsed ?? true;
}

/** Files of other programs, or what was copied here. */
async function paste(files: readonly File[]): Promise<void> {
  try {
    if (files.length > 0) for (const file of files) await openFile(file);
    else if (copied) insertLayer('edit.paste', copied.name, copied.pixels, canvas().painting.bounds);
    else notify('info', words().notice.nothingCopied);
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

async function fromSystemClipboard(): Promise<File[]> {
  try {
    for (const item of await navigator.clipboard.read()) {
      const type = item.types.find((name) => name.startsWith('image/'));
      if (type) return [new File([await item.getType(type)], 'pasted.png', { type })];
    }
  } catch {
    // Without the permission there is nothing to read.
  }
  return [];
}
