/**
 * While a picture is compared with what lies under it, the line between them can be dragged.
 */
import type { Rect } from '../../../app/document/document.ts';
import { currentVariant, stagingStore } from '../../stores/staging-store.ts';
import { viewStore } from '../../stores/view-store.ts';
import type { Gesture, PointerSample } from './tool.ts';

/** Screen pixels within which the line is taken hold of. */
const REACH = 10;

export function compareAt(start: PointerSample): Gesture | undefined {
  const frame = currentVariant()?.frame;
  const { compare } = stagingStore.getState();
  if (!frame || compare <= 0) return undefined;
  const away = Math.abs(start.x - (frame.x + compare * frame.width)) * viewStore.getState().view.scale;
  if (away > REACH || start.y < frame.y || start.y > frame.y + frame.height) return undefined;
  const to = (sample: PointerSample) => stagingStore.setState({ compare: shareOf(sample, frame) });
  return {
    move: (samples) => {
      const sample = samples.at(-1);
      if (sample) to(sample);
    },
    end: to,
    cancel: () => stagingStore.setState({ compare }),
  };
}

function shareOf({ x }: PointerSample, frame: Rect): number {
  return Math.max(0, Math.min(1, (x - frame.x) / frame.width));
}
