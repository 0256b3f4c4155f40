import { describe, it } from 'vitest';
import { type Doubles, expectNear, standardized } from '../../test/support/float64-reference.ts';
import { checkpoint, type Floats, normal, runGraph } from '../../test/support/tiny-graph.ts';
import { GraphWeights } from './graph-weights.ts';
import { groupNorm } from './group-norm.ts';

const CHANNELS = 64;
const gamma = normal(2, CHANNELS);
const beta = normal(3, CHANNELS);

async function normalized(x: Floats): Promise<Floats> {
  const index = await checkpoint({ 'n.weight': gamma, 'n.bias': beta });
  return runGraph({ x }, (g, { x }) => groupNorm(g, x!, new GraphWeights(g, index), 'n'));
}

function reference({ data, shape }: Floats): Doubles {
  const pixels = data.length / CHANNELS;
  const scaled = standardized(data, 2 * pixels, 1e-6).map((value, i) => {
    const channel = Math.floor(i / pixels);
    return value * gamma.data[channel]! + beta.data[channel]!;
  });
  return { data: scaled, shape };
}

describe('groupNorm', () => {
  it.each([
    [1, 1],
    [5, 3],
    [32, 32],
  ])('normalises groups of %i×%i pixels', async (height, width) => {
    const x = normal(1, 1, CHANNELS, height, width);
    expectNear(await normalized(x), reference(x), 2e-5);
  });

  it.each([
    { mean: 10, tolerance: 2e-4 },
    { mean: 100, tolerance: 2e-2 },
  ])('stays close when the mean is $mean deviations from 0', async ({ mean, tolerance }) => {
    const { data, shape } = normal(4, 1, CHANNELS, 16, 16);
    const x = { data: data.map((value) => value + mean), shape };
    expectNear(await normalized(x), reference(x), tolerance);
  });

  it.each([0, 7.3, 333.33])('makes an even picture of %d the shift β', async (value) => {
    const x = { data: new Float32Array(CHANNELS * 15).fill(value), shape: [1, CHANNELS, 5, 3] };
    const expected = Float64Array.from(x.data, (_, i) => beta.data[Math.floor(i / 15)]!);
    expectNear(await normalized(x), { data: expected, shape: x.shape }, 0.1);
  });
});
