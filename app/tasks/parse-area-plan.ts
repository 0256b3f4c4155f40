/**
 * How an area is painted, checked.
 */
import { fields, integer, nullable, oneOf, type Parser } from '../contracts/parse.ts';
import type { AreaPlan } from './paint-area.ts';
import type { FrameSize } from './plan-frames.ts';

/** Of a frame, in pixels. */
const MAX_SIDE = 16_384;
const side = integer(1, MAX_SIDE);
const frameSize = fields<FrameSize>({ width: side, height: side });
const count = integer(0, Number.MAX_SAFE_INTEGER);

export const AREA_PLAN_FIELDS: { readonly [K in keyof AreaPlan]: Parser<AreaPlan[K]> } = {
  frame: frameSize,
  way: oneOf('seamless', 'authors'),
  keepSteps: count,
  detail: nullable(fields<NonNullable<AreaPlan['detail']>>({ frame: frameSize, keepSteps: count })),
};

/** Throws `bad-request` that names the field which is wrong. */
export const parseAreaPlan: Parser<AreaPlan> = fields<AreaPlan>(AREA_PLAN_FIELDS);
