import { expect, it } from 'vitest';
import { type SdeProblem, sdeTimes, solveSde } from './sde.ts';
import { TorchRandom } from './torch-random.ts';

const STEPS = 40;

/** The exact velocity where all data are normal with this mean and deviation. */
const [MEAN, DEVIATION] = [0.7, 0.3];
function exactVelocity(x: number, t: number): number {
  const variance = (1 - t) ** 2 * DEVIATION ** 2 + t ** 2;
  const centred = x - (1 - t) * MEAN;
  const [data, noise] = [MEAN + ((1 - t) * DEVIATION ** 2 * centred) / variance, (t * centred) / variance];
  return noise - data;
}

function problem(hold: SdeProblem['hold'] = () => {}): SdeProblem {
  const random = new TorchRandom(3);
  return {
    velocity: async (x, time) => x.map((value) => exactVelocity(value, time)),
    noise: () => random.randn(4096),
    hold,
  };
}

it('counts down to 0.04, and ends at 0', () => {
  expect(sdeTimes(4)).toEqual([1, 0.68, 0.36, 0.04, 0].map((time) => expect.closeTo(time, 12)));
});

it('draws from the data', async () => {
  let end = new Float64Array(0);
  const start = Float64Array.from(new TorchRandom(5).randn(4096));
  for await (const { x } of solveSde(start, STEPS, problem())) end = Float64Array.from(x);
  const mean = end.reduce((sum, value) => sum + value, 0) / end.length;
  const deviation = Math.sqrt(end.reduce((sum, value) => sum + (value - mean) ** 2, 0) / end.length);
  expect(mean).toBeCloseTo(MEAN, 1);
  expect(deviation).toBeGreaterThan(DEVIATION * 0.85);
  expect(deviation).toBeLessThan(DEVIATION * 1.15);
});

it('keeps what is held', async () => {
  const held = problem((x, time) => {
    x[0] = 5 * (1 - time);
  });
  let last = 0;
  for await (const { x } of solveSde(new Float64Array(4096), STEPS, held)) last = x[0] as number;
  expect(last).toBe(5);
});
