/**
 * The frame without a pointer, and small moves of it or of the layer in hand.
 */
import type { Rect } from '../../app/document/document.ts';
import { fittingFrame } from '../../app/tasks/frame-size.ts';
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

/** To the last pixel; its upper left corner stays where there is room. */
export function sizeFrame(frame: Rect): void {
  setFrame(() => frame, { exact: true, group: 'frame size' });
}

export function frameWhole(): void {
  setFrame(({ width, height }) => ({ x: 0, y: 0, width, height }), { exact: true });
}

/** The largest frame of the model's shape in the one that is there: one picture of the model fills it. */
export function frameAsModel(): void {
  setFrame(
    ({ frame }) => {
      const { width, height } = fittingFrame(frame, modelSize());
      return { x: frame.x + (frame.width - width) / 2, y: frame.y + (frame.height - height) / 2, width, height };
    },
    { exact: true },
  );
}

/** Around what is selected, in the model's shape. */
export function frameSelection(): void {
  setFrame(({ selection }) => {
    const bounds = selection && boundsOf(selection.parts.flatMap(({ points }) => points));
    if (!bounds) return undefined;
    const model = modelSize();
    const factor = Math.max(bounds.width / model.width, bounds.height / model.height);
    return { ...bounds, width: model.width * factor, height: model.height * factor };
  });
}

/** Moves the frame while its tool is in hand, else the layer's pixels or those that are selected. */
export function nudge(dx: number, dy: number): void {
  if (toolStore.getState().tool === 'frame') {
    setFrame(({ frame }) => ({ ...frame, x: frame.x + dx, y: frame.y + dy }), { group: 'nudge frame' });
  } else canvas().moveBy({ x: dx, y: dy });
}
