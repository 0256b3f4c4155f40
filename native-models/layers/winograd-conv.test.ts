import { expect, it } from 'vitest';
import { convolve, expectNear } from '../../test/support/float64-reference.ts';
import { normal, runGraph } from '../../test/support/tiny-graph.ts';
import { suitsWinograd, winogradConv } from './winograd-conv.ts';

const weight = normal(1, 5, 3, 3, 3);
const bias = normal(2, 5);

it.each([
  [4, 4],
  [12, 8],
  [72, 256],
  [160, 512],
])('is a 3×3 convolution of a %i×%i image', async (height, width) => {
  const x = normal(3, 1, 3, height, width);
  const y = await runGraph({ x, weight, bias }, (g, { x, weight, bias }) => winogradConv(g, x!, weight!, bias!));
  expectNear(y, convolve(x, weight, bias, { pads: [1, 1, 1, 1] }), 3e-4);
});

it.each([
  { size: [1, 3, 64, 68], kernel: 3, suits: true },
  { size: [1, 3, 60, 64], kernel: 3, suits: false },
  { size: [1, 3, 64, 66], kernel: 3, suits: false },
  { size: [1, 3, 64, 64], kernel: 1, suits: false },
  { size: [2, 3, 64, 64], kernel: 3, suits: false },
])('$size with a $kernel×$kernel kernel: $suits', async ({ size, kernel, suits }) => {
  await runGraph({ x: normal(1, ...size), w: normal(2, 5, 3, kernel, kernel) }, (g, { x, w }) => {
    expect(suitsWinograd(g, x!, w!)).toBe(suits);
    return x!;
  });
});
