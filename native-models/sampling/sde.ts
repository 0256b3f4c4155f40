/**
 * Euler and Maruyama's solver of the stochastic flow from noise (t = 1) to data (t = 0), x_t = (1 − t)·data + t·noise.
 * Source: `euler_maruyama_sampler` in xAR `models/sampler.py` (OliverRensu/xAR 121e9c9); Ma et al., "SiT", 2024, §2.
 */
import { linspace } from './linspace.ts';

/** Where the last step begins: it goes to 0 without noise. */
const LAST_TIME = 0.04;

export interface SdeProblem {
  /** The velocity, noise less data, at a state and a time; the state is not kept. */
  velocity(x: Float64Array, time: number): Promise<Float64Array>;
  /** Normal numbers for a step, as many as the state has. */
  noise(step: number): ArrayLike<number>;
  /** Puts what is known of the state at a time into it, in place. */
  hold(x: Float64Array, time: number): void;
}

export interface SdeStep {
  readonly x: Float64Array;
  /** The data as they are expected from the beginning of the step. */
  readonly expected: Float64Array;
}

/** Times of `steps` steps, and 0. */
export function sdeTimes(steps: number): number[] {
  return [...linspace(1, LAST_TIME, steps), 0];
}

/** Yields after every step. `x` at time 1 is changed in place where it is held. */
export async function* solveSde(x: Float64Array, steps: number, problem: SdeProblem): AsyncGenerator<SdeStep> {
  const times = sdeTimes(steps);
  let state = x;
  problem.hold(state, times[0] as number);
  for (let step = 0; step < steps; step++) {
    const [from, to] = [times[step] as number, times[step + 1] as number];
    const velocity = await problem.velocity(state, from);
    const drift = velocity.map((v, i) => driftOf(v, state[i] as number, from));
    const isLast = step === steps - 1;
    const spread = isLast ? 0 : Math.sqrt(2 * from) * Math.sqrt(Math.abs(to - from));
    const noise: ArrayLike<number> = isLast ? [] : problem.noise(step);
    const next = state.map((value, i) => value + (drift[i] as number) * (to - from) + spread * (noise[i] ?? 0));
    problem.hold(next, to);
    const before = state;
    yield { x: next, expected: velocity.map((v, i) => (before[i] as number) - from * v) };
    state = next;
  }
}

/** v − t·score, where the score is (−(1 − t)·v − x)/t. */
function driftOf(velocity: number, x: number, time: number): number {
  const score = (-(1 - time) * velocity - x) / (time * time + (1 - time) * time);
  return velocity - time * score;
}
