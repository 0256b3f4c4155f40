import { expect, it } from 'vitest';
import { convolve, expectNear } from '../../test/support/float64-reference.ts';
import { checkpoint, normal, runGraph } from '../../test/support/tiny-graph.ts';
import { conv2d } from './conv2d.ts';
import { GraphWeights } from './graph-weights.ts';

const x = normal(1, 1, 3, 7, 6);

it.each([
  { kernel: 3, options: {}, size: [7, 6] },
  { kernel: 1, options: {}, size: [7, 6] },
  { kernel: 3, options: { stride: 2, pads: [0, 0, 1, 1] as const }, size: [3, 3] },
])('is a $kernel×$kernel convolution with $options', async ({ kernel, options, size }) => {
  const [weight, bias] = [normal(2, 5, 3, kernel, kernel), normal(3, 5)];
  const index = await checkpoint({ 'c.weight': weight, 'c.bias': bias });
  const y = await runGraph({ x }, (g, { x }) => conv2d(g, x!, new GraphWeights(g, index), 'c', options));
  const pad = (kernel - 1) / 2;
  expectNear(y, convolve(x, weight, bias, { pads: [pad, pad, pad, pad], ...options }), 2e-5);
  expect(y.shape).toEqual([1, 5, ...size]);
});

it('names the tensor that a checkpoint lacks', async () => {
  const index = await checkpoint({ 'c.weight': normal(2, 5, 3, 3, 3) });
  const run = runGraph({ x }, (g, { x }) =>
    new GraphWeights(g, index).under('deep', (weights) => conv2d(g, x!, weights, 'c')),
  );
  await expect(run).rejects.toMatchObject({
    code: 'corrupt-checkpoint',
    message: expect.stringContaining("'deep.c.weight'"),
  });
});
