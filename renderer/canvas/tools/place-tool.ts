/**
 * While doubt is shown, a click on the picture over the frame chooses the token there.
 */
import type { Point } from '../../../app/document/document.ts';
import { can, stepsOf } from '../../stores/model-store.ts';
import { currentVariant, stagingStore } from '../../stores/staging-store.ts';

/** Returns whether the point lay on such a picture. */
export function choosePlace(point: Point): boolean {
  const variant = currentVariant();
  const { showConfidence, shownStep } = stagingStore.getState();
  if (!variant || !showConfidence || variant.entropy.length === 0) return false;
  if (!can(variant.request.model, 'alternatives')) return false;
  const { frame, request } = variant;
  const steps = stepsOf(request.model);
  const step = shownStep ?? steps.length - 1;
  const side = Math.round(Math.sqrt(steps[step] ?? 1));
  const column = Math.floor(((point.x - frame.x) / frame.width) * side);
  const row = Math.floor(((point.y - frame.y) / frame.height) * side);
  if (column < 0 || row < 0 || column >= side || row >= side) return false;
  stagingStore.setState({ place: { step, position: row * side + column } });
  return true;
}
