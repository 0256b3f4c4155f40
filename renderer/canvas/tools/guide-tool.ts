/**
 * Moves a guide; dropped on a ruler, it is gone.
 */
import type { Guide } from '../../../app/document/document.ts';
import { moveGuide } from '../../actions/guides.ts';
import { RULER } from '../view.ts';
import type { Gesture, PointerSample } from './tool.ts';

export function dragGuide(guide: Guide, show: (guide: Guide | undefined) => void): Gesture {
  const at = (sample: PointerSample): Guide => ({ ...guide, at: Math.round(sample[guide.axis]) });
  return {
    move: (samples) => {
      const sample = samples.at(-1);
      if (sample) show(at(sample));
    },
    end: (sample) => {
      show(undefined);
      moveGuide(guide, sample.screen[guide.axis] <= RULER ? null : at(sample).at);
    },
    cancel: () => show(undefined),
  };
}
