/**
 * The canvas of this window, for actions that are not gestures on it.
 */
import { StudioError } from '../../app/base/errors.ts';
import { Emitter } from '../../app/base/events.ts';
import { CanvasManager } from './canvas-manager.ts';
import { TileStore } from './tile-store.ts';

export const tiles = new TileStore();
/** Told of every change that a gesture shows before it is a part of the painting. */
export const drafts = new Emitter<void>();

let manager: CanvasManager | undefined;

/** Makes the canvas in an element; returns what takes it away again. */
export function mountCanvas(element: HTMLElement): () => void {
  manager = new CanvasManager(element, tiles, () => drafts.fire());
  return () => {
    manager?.dispose();
    manager = undefined;
  };
}

export function canvas(): CanvasManager {
  if (!manager) throw new StudioError('internal', 'The canvas is not there yet.');
  return manager;
}

export function canvasIfOpen(): CanvasManager | undefined {
  return manager;
}
