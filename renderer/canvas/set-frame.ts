/**
 * The frame's place in the painting.
 */
import type { PaintingDocument, Rect } from '../../app/document/document.ts';
import { frameWithin, snapFrame } from '../../app/document/edits.ts';
import { edit } from '../stores/document-store.ts';
import { modelSize } from '../stores/model-store.ts';
import { toolStore } from '../stores/tool-store.ts';

interface FrameOptions {
  /** To the last pixel; else its sides snap to those of the model while snapping is on. */
  readonly exact?: boolean;
  /** Changes of one group are one step of the history. */
  readonly group?: string;
}

/** As one step of the history, inside of the painting. A frame that is only moved keeps its size. */
export function setFrame(
  wanted: (document: PaintingDocument) => Rect | undefined,
  { exact = false, group }: FrameOptions = {},
): void {
  const change = (document: PaintingDocument) => {
    const rect = wanted(document);
    if (!rect) return document;
    const painting = { x: 0, y: 0, width: document.width, height: document.height };
    const isMoved = rect.width === document.frame.width && rect.height === document.frame.height;
    const isFree = exact || isMoved || !toolStore.getState().snapping;
    return { ...document, frame: isFree ? frameWithin(rect, painting) : snapFrame(rect, modelSize(), painting) };
  };
  edit('edit.frame', change, group);
}
