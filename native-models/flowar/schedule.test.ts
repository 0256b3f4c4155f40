import { describe, expect, it } from 'vitest';
import { timestep } from '../sampling/timestep.ts';
import { flowTimes, isGuided, scaleGuidance, scaleTimes } from './schedule.ts';

const timesteps = (steps: number) => flowTimes(steps).map(timestep);

describe('flowTimes', () => {
  it('are those of the published settings', () => {
    expect(timesteps(25)).toEqual([
      1000, 936, 872, 809, 745, 681, 618, 554, 490, 427, 363, 300, 250, 229, 208, 187, 166, 145, 125, 104, 83, 62, 41,
      20, 0,
    ]);
    expect(timesteps(50)).toEqual(Array.from({ length: 51 }, (_, i) => 1000 - 20 * i));
    expect(timesteps(7)).toEqual([1000, 650, 300, 250, 166, 83, 0]);
  });

  it('lose a step when they are odd', () => {
    expect(flowTimes(15)).toEqual(flowTimes(14));
    expect(flowTimes(2)).toEqual([1, 0.25, 0]);
  });
});

describe('scaleTimes', () => {
  const counts = (steps: number, solver: 'euler' | 'heun' = 'euler', annealed = true) =>
    scaleTimes(5, { steps, annealed, solver }).map((times) => times.length - 1);

  it('anneal as DiSA’s authors do', () => {
    expect(counts(25)).toEqual([24, 22, 20, 16, 14]);
    expect(counts(50)).toEqual([50, 40, 32, 22, 14]);
    expect(counts(25, 'euler', false)).toEqual([24, 24, 24, 24, 24]);
  });

  it('do not grow where there are few to begin with', () => {
    expect(counts(8)).toEqual([8, 8, 8, 8, 8]);
  });

  it('have half as many intervals where each takes two calls', () => {
    expect(counts(25, 'heun', false)).toEqual([12, 12, 12, 12, 12]);
  });
});

describe('guidance', () => {
  it('grows from nothing', () => {
    expect([0, 1, 2, 3, 4].map((scale) => scaleGuidance(2.4, scale, 5))).toEqual([1, 1.35, 1.7, 2.05, 2.4]);
    expect(scaleGuidance(3, 0, 1)).toBe(1);
  });

  it('begins where noise is little enough: 15 of 50 steps are not guided below 0.7', () => {
    const guided = flowTimes(50)
      .slice(0, -1)
      .filter((time) => isGuided({ guidance: 2, guidanceHigh: 0.7 }, time));
    expect(guided).toHaveLength(35);
    expect(isGuided({ guidance: 1, guidanceHigh: 1 }, 0.5)).toBe(false);
  });
});
