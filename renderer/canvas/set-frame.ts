/**
 * The frame's place in the painting.
 */
import type { PaintingDocument, Rect } from '../../app/document/document.ts';
import { snapFrame } from '../../app/document/edits.ts';
import { edit } from '../stores/document-store.ts';
import { modelSize } from '../stores/model-store.ts';

/** As one step of the history, brought to what the model can make. */
export function setFrame(wanted: (document: PaintingDocument) => Rect | undefined, group?: string): void {
  const change = (document: PaintingDocument) => {
    const rect = wanted(document);
    const painting = { x: 0, y: 0, width: document.width, height: document.height };
    return rect ? { ...document, frame: snapFrame(rect, modelSize(), painting) } : document;
  };
  edit('edit.frame', change, group);
}
