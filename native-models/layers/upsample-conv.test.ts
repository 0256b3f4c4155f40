import { expect, it } from 'vitest';
import { convolve, doubled, expectNear } from '../../test/support/float64-reference.ts';
import { checkpoint, normal, runGraph } from '../../test/support/tiny-graph.ts';
import { GraphWeights } from './graph-weights.ts';
import { PHASES, phaseTaps, upsampleConv } from './upsample-conv.ts';

const weight = normal(1, 4, 3, 3, 3);
const bias = normal(2, 4);
const x = normal(3, 1, 3, 5, 6);

it('is a 3×3 convolution of the doubled image', async () => {
  const index = await checkpoint({ 'u.weight': weight, 'u.bias': bias });
  const y = await runGraph({ x }, (g, { x }) => upsampleConv(g, x!, new GraphWeights(g, index), 'u'));
  expectNear(y, convolve(doubled(x), weight, bias), 2e-5);
});

it.each(PHASES)('phase %i, %i convolves the pixels as the graph does', (row, column) => {
  const kernels = { data: phaseTaps(weight.data, row, column), shape: [4, 3, 2, 2] };
  const phase = convolve(x, kernels, bias, { pads: [1 - row, 1 - column, row, column] });
  const whole = convolve(doubled(x), weight, bias);
  expect(phase.shape).toEqual([1, 4, 5, 6]);
  for (const [i, value] of phase.data.entries()) {
    const [output, y, x0] = [Math.floor(i / 30), Math.floor(i / 6) % 5, i % 6];
    expect(value).toBeCloseTo(whole.data[(output * 10 + 2 * y + row) * 12 + 2 * x0 + column]!, 5);
  }
});
