import { describe, expect, it } from 'vitest';
import { linspace } from './linspace.ts';
import { callTimes, type OdeProblem, SOLVERS, type Solver, solveOde } from './ode.ts';

/** dx/dt = sin(x) + cos(6t): no solver is exact. */
const slope = (x: number, t: number) => Math.sin(x) + Math.cos(6 * t);

function problem(asked: number[] = [], hold: OdeProblem['hold'] = () => {}): OdeProblem {
  return {
    velocity: async (x, t) => {
      asked.push(t);
      return x.map((value) => slope(value, t));
    },
    hold,
    jumps: () => false,
  };
}

async function solve(solver: Solver, steps: number, given = problem()): Promise<number> {
  let end = Number.NaN;
  for await (const { x } of solveOde(Float64Array.of(1.5), linspace(1, 0, steps + 1), solver, given)) end = x[0]!;
  return end;
}

/** Runge and Kutta's fourth order with many steps. */
function reference(): number {
  const steps = 4000;
  let x = 1.5;
  for (let i = 0; i < steps; i++) {
    const [t, h] = [1 - i / steps, -1 / steps];
    const a = slope(x, t);
    const b = slope(x + (h / 2) * a, t + h / 2);
    const c = slope(x + (h / 2) * b, t + h / 2);
    const d = slope(x + h * c, t + h);
    x += (h / 6) * (a + 2 * b + 2 * c + d);
  }
  return x;
}

describe.each(SOLVERS)('%s', (solver) => {
  it('comes closer by its order', async () => {
    const truth = reference();
    const error = async (steps: number) => Math.abs((await solve(solver, steps)) - truth);
    const order = Math.log2((await error(80)) / (await error(160)));
    expect(order).toBeGreaterThan(solver === 'euler' ? 0.9 : 1.8);
    expect(order).toBeLessThan(solver === 'euler' ? 1.1 : 2.3);
  });

  it('asks at the times that it says', async () => {
    const asked: number[] = [];
    await solve(solver, 6, problem(asked));
    expect(asked).toEqual(callTimes(linspace(1, 0, 7), solver));
  });

  it('keeps what is held, at every time', async () => {
    const seen: [number, number][] = [];
    const held = problem([], (x, t) => {
      x[0] = 7 * t;
    });
    const watched = {
      ...held,
      velocity: (x: Float64Array, t: number) => {
        seen.push([x[0]!, 7 * t]);
        return held.velocity(x, t);
      },
    };
    expect(await solve(solver, 5, watched)).toBe(0);
    for (const [value, wanted] of seen) expect(value).toBe(wanted);
  });

  it('says what it expects', async () => {
    for await (const { expected, from } of solveOde(Float64Array.of(2), [1, 0.5], solver, problem())) {
      expect(from).toBe(1);
      expect(expected[0]).toBeCloseTo(2 - slope(2, 1), 12);
    }
  });
});

it('Adams–Bashforth does not look across a jump', async () => {
  const jumping: OdeProblem = {
    velocity: async (x, t) => x.map(() => (t <= 0.5 ? 10 : 1)),
    hold: () => {},
    jumps: (from, to) => from > 0.5 && to <= 0.5,
  };
  // Constant on both sides: exact with Euler's step after the jump.
  expect(await solve('ab2', 4, jumping)).toBeCloseTo(1.5 - 0.5 * 1 - 0.5 * 10, 12);
});
