/**
 * The scales of a picture and where their tokens are.
 */
import { type Schedule, type Shape, scheduleOf } from '../bsq/schedules.ts';
import type { GridPosition } from '../layers/rotary.ts';
import { editPositions, scalePositions } from './positions.ts';

export interface Layout {
  /** Coarse to fine. */
  readonly schedule: Schedule;
  /** Of each scale's tokens. */
  readonly positions: readonly (readonly GridPosition[])[];
  /** Of the tokens of the picture that is edited, which are as many as the last scale's. */
  readonly source?: readonly GridPosition[];
}

/** Of a picture from words. */
export function paintLayout(shape: Shape, scales: number): Layout {
  const schedule = scheduleOf(shape, scales);
  const largest = shape.scales.at(-1)!;
  return { schedule, positions: schedule.map((scale) => scalePositions(scale, largest)) };
}

/** Of an edit. */
export function editLayout(shape: Shape, scales: number): Layout {
  const schedule = scheduleOf(shape, scales);
  const { source, scales: positions } = editPositions(schedule, shape.scales);
  return { schedule, positions, source };
}
