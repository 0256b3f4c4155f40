/**
 * While doubt is shown, a click on the picture over the frame chooses the token there.
 */
import type { Point } from '../../../app/document/document.ts';
import { cellAt } from '../../../app/generation/step-cells.ts';
import { can, cellsOf, stepsOf } from '../../stores/model-store.ts';
import { currentVariant, stagingStore } from '../../stores/staging-store.ts';

/** Returns whether the point lay on such a picture. */
export function choosePlace(point: Point): boolean {
  const variant = currentVariant();
  const { showConfidence, shownStep } = stagingStore.getState();
  if (!variant || !showConfidence || variant.entropy.length === 0) return false;
  if (!can(variant.request.model, 'alternatives')) return false;
  const { frame, request } = variant;
  const at = { x: (point.x - frame.x) / frame.width, y: (point.y - frame.y) / frame.height };
  // The last step that lies there: the shown one, or that of the part where each step paints one.
  for (let step = shownStep ?? stepsOf(request.model).length - 1; step >= 0; step--) {
    const position = cellAt(cellsOf(request.model, step), at);
    if (position === undefined) continue;
    stagingStore.setState({ place: { step, position } });
    return true;
  }
  return false;
}
