/**
 * When the flow head is asked, and how strongly it is guided.
 * Source: `models/sampler.py`, `models/flowar.py` (wangqiang9/FlowAR 5745a96); `FlowAR_DiSA/models/flowar.py`
 * (Qinyu-Allen-Zhao/DiSA 283fa59).
 */
import { annealedSteps } from '../sampling/annealed-steps.ts';
import { linspace } from '../sampling/linspace.ts';
import { callsPerInterval } from '../sampling/ode.ts';
import type { FlowArSettings } from './settings.ts';

/** Steps for which the authors' times are even. */
const EVEN_STEPS = 50;
/** Steps of the last scale when they are annealed. */
const LEAST_STEPS = 15;

/**
 * The authors' times from 1 to 0: one half of the steps as far as 0.3, the other from 0.25 on. An odd number of steps is one
 * step less.
 */
export function flowTimes(steps: number): number[] {
  if (steps === EVEN_STEPS) return linspace(1, 0, EVEN_STEPS + 1);
  const half = Math.floor(steps / 2);
  return [...linspace(1, 0.3, half), ...linspace(0.25, 0, half + 1)];
}

/** The times of each scale: as many intervals as the solver can do with the steps that the settings say. */
export function scaleTimes(
  scales: number,
  { steps, annealed, solver }: Pick<FlowArSettings, 'steps' | 'annealed' | 'solver'>,
): number[][] {
  const calls = annealed ? annealedSteps(scales, steps, Math.min(steps, LEAST_STEPS)) : new Array(scales).fill(steps);
  return calls.map((count) => flowTimes(Math.max(2, Math.floor(count / callsPerInterval(solver)))));
}

/** Guidance of a scale: from 1 for the first to `cfg` for the last. */
export function scaleGuidance(cfg: number, scale: number, scales: number): number {
  return ((cfg - 1) * scale) / Math.max(1, scales - 1) + 1;
}

interface Guidance {
  /** Of the scale. */
  readonly guidance: number;
  readonly guidanceHigh: number;
}

/** Whether a step that begins at a time is guided. */
export function isGuided({ guidance, guidanceHigh }: Guidance, time: number): boolean {
  return guidance > 1 && time <= guidanceHigh;
}
