/**
 * The frame without a pointer, and small moves of it or of the layer in hand.
 */
import { canvas } from '../canvas/open-canvas.ts';
import { setFrame } from '../canvas/set-frame.ts';
import { boundsOf } from '../canvas/view.ts';
import { modelSize } from '../stores/model-store.ts';
import { toolStore } from '../stores/tool-store.ts';

/** By half of the model's side, around the middle. */
export function resizeFrame(by: 1 | -1): void {
  const { width, height } = modelSize();
  const [dx, dy] = [(by * width) / 2, (by * height) / 2];
  setFrame(({ frame }) => ({
    x: frame.x - dx / 2,
    y: frame.y - dy / 2,
    width: frame.width + dx,
    height: frame.height + dy,
  }));
}

export function frameWhole(): void {
  setFrame(({ width, height }) => ({ x: 0, y: 0, width, height }));
}

/** Around what is selected. */
export function frameSelection(): void {
  setFrame(({ selection }) => (selection && boundsOf(selection.parts.flatMap(({ points }) => points))) || undefined);
}

/** Moves the frame while its tool is in hand, else the layer's pixels or those that are selected. */
export function nudge(dx: number, dy: number): void {
  if (toolStore.getState().tool === 'frame') {
    setFrame(({ frame }) => ({ ...frame, x: frame.x + dx, y: frame.y + dy }), 'nudge frame');
  } else canvas().moveBy({ x: dx, y: dy });
}
