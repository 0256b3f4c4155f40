/**
 * Solvers of dx/dt = v(x, t) from noise (t = 1) to data (t = 0).
 *
 * Sources: Euler: FlowAR `models/sampler.py` (wangqiang9/FlowAR 5745a96). Heun: Karras et al., "Elucidating the Design Space of
 * Diffusion-Based Generative Models", 2022, algorithm 1. Midpoint and Adams–Bashforth: Hairer, Nørsett and Wanner, "Solving
 * Ordinary Differential Equations I", II.1 and III.5 (variable steps).
 */

export const SOLVERS = ['euler', 'ab2', 'midpoint', 'heun'] as const;
export type Solver = (typeof SOLVERS)[number];

export interface OdeProblem {
  /** The velocity at a state and a time; the state is not kept. */
  velocity(x: Float64Array, time: number): Promise<Float64Array>;
  /** Puts what is known of the state at a time into it, in place. */
  hold(x: Float64Array, time: number): void;
  /** Whether the velocity jumps between two times, so that no solver should look across. */
  jumps(from: number, to: number): boolean;
}

export interface OdeStep {
  /** Times at which the step begins and ends. */
  readonly from: number;
  readonly to: number;
  /** At the end of the step. */
  readonly x: Float64Array;
  /** Where the velocity at the beginning of the step points to: the data as they are expected from there. */
  readonly expected: Float64Array;
}

/** Calls of the velocity for each interval between two times; Heun's last one takes one call. */
export function callsPerInterval(solver: Solver): number {
  return solver === 'midpoint' || solver === 'heun' ? 2 : 1;
}

/** The times at which the velocity is asked for, in order. */
export function callTimes(times: readonly number[], solver: Solver): number[] {
  return intervals(times).flatMap(([from, to], i) => {
    if (solver === 'midpoint') return [from, (from + to) / 2];
    if (solver === 'heun' && i < times.length - 2) return [from, to];
    return [from];
  });
}

/** Yields after every interval. `x` at times[0] is changed in place where it is held. */
export async function* solveOde(
  x: Float64Array,
  times: readonly number[],
  solver: Solver,
  problem: OdeProblem,
): AsyncGenerator<OdeStep> {
  let state = x;
  let before: Slope | undefined;
  problem.hold(state, times[0] as number);
  for (const [i, [from, to]] of intervals(times).entries()) {
    const slope = { at: from, velocity: await problem.velocity(state, from) };
    const isLast = i === times.length - 2;
    const next = await advance(solver, problem, state, to, slope, isLast, before);
    problem.hold(next, to);
    yield { from, to, x: next, expected: moved(state, slope.velocity, -from) };
    state = next;
    before = slope;
  }
}

interface Slope {
  readonly at: number;
  readonly velocity: Float64Array;
}

async function advance(
  solver: Solver,
  problem: OdeProblem,
  x: Float64Array,
  to: number,
  slope: Slope,
  isLast: boolean,
  before: Slope | undefined,
): Promise<Float64Array> {
  const length = to - slope.at;
  const euler = () => moved(x, slope.velocity, length);
  switch (solver) {
    case 'euler':
      return euler();
    case 'ab2': {
      if (!before || problem.jumps(before.at, slope.at)) return euler();
      const ratio = length / (2 * (slope.at - before.at));
      const [now, then] = [slope.velocity, before.velocity];
      return moved(
        x,
        now.map((value, i) => value + ratio * (value - (then[i] as number))),
        length,
      );
    }
    case 'midpoint': {
      const middle = moved(x, slope.velocity, length / 2);
      problem.hold(middle, slope.at + length / 2);
      return moved(x, await problem.velocity(middle, slope.at + length / 2), length);
    }
    case 'heun': {
      const end = euler();
      if (isLast) return end;
      problem.hold(end, to);
      const second = await problem.velocity(end, to);
      return moved(
        x,
        second.map((value, i) => (value + (slope.velocity[i] as number)) / 2),
        length,
      );
    }
  }
}

/** x + factor·direction */
function moved(x: Float64Array, direction: Float64Array, factor: number): Float64Array {
  return x.map((value, i) => value + factor * (direction[i] as number));
}

function intervals(times: readonly number[]): [number, number][] {
  return times.slice(1).map((to, i) => [times[i] as number, to]);
}
