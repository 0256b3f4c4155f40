import { expect, it } from 'vitest';
import { readFloats, readIntegers } from '../../main/checkpoints/read-tensor.ts';
import { convolve, doubled, psnr } from '../../test/support/float64-reference.ts';
import { checkpoint, derivedCheckpoint, type Floats, normal, runGraph } from '../../test/support/tiny-graph.ts';
import { quantizedDecoder } from '../autoencoder/quantized-weights.ts';
import { GraphWeights } from './graph-weights.ts';
import { quantizedConvOfSilu, quantizedUpsampleConv } from './quantized-conv.ts';

const CHANNELS = 8;
/** Eight bits on both sides of the convolution reach about 50. */
const MIN_DECIBELS = 42;

/** A decoder of one level whose latent is `side` wide, in 8 bits. */
async function quantized(tensors: Readonly<Record<string, Floats>>, side: number) {
  const index = await checkpoint(tensors);
  return derivedCheckpoint(quantizedDecoder(index, () => side, { readFloats, readIntegers }));
}

it.each([16, 64])('a convolution of SiLU of %i×%i pixels is close to float', async (side) => {
  const block = 'decoder.up.0.block.0';
  const [gamma, beta] = [normal(1, CHANNELS), normal(2, CHANNELS)];
  const [weight, bias] = [normal(3, 6, CHANNELS, 3, 3), normal(4, 6)];
  const index = await quantized(
    {
      [`${block}.norm1.weight`]: gamma,
      [`${block}.norm1.bias`]: beta,
      [`${block}.conv1.weight`]: weight,
      [`${block}.conv1.bias`]: bias,
    },
    side,
  );
  expect(index.entries.get(`${block}.conv1.weight`)).toMatchObject({ type: 'i8', shape: weight.shape });
  const plain = normal(5, 1, CHANNELS, side, side);
  const data = plain.data.map((value, i) => {
    const channel = Math.floor(i / side / side);
    const normed = value * gamma.data[channel]! + beta.data[channel]!;
    return normed / (1 + Math.exp(-normed));
  });
  const x = { ...plain, data };
  const y = await runGraph({ x }, (g, { x }) =>
    quantizedConvOfSilu(g, x!, new GraphWeights(g, index), `${block}.conv1`),
  );
  expect(psnr(y, convolve(x, weight, bias))).toBeGreaterThan(MIN_DECIBELS);
});

it('a doubling convolution is close to float', async () => {
  const name = 'decoder.up.0.upsample.conv';
  const [weight, bias] = [normal(6, 6, CHANNELS, 3, 3), normal(7, 6)];
  const index = await quantized({ [`${name}.weight`]: weight, [`${name}.bias`]: bias }, 16);
  expect(index.entries.has(`${name}.weight`)).toBe(false);
  const x = normal(8, 1, CHANNELS, 16, 16);
  const y = await runGraph({ x }, (g, { x }) => quantizedUpsampleConv(g, x!, new GraphWeights(g, index), name));
  expect(psnr(y, convolve(doubled(x), weight, bias))).toBeGreaterThan(MIN_DECIBELS);
});

it('a convolution of a small image keeps its float weights', async () => {
  const block = 'decoder.up.0.block.0';
  const weight = normal(3, 6, CHANNELS, 3, 3);
  const index = await quantized({ [`${block}.conv1.weight`]: weight, [`${block}.conv1.bias`]: normal(4, 6) }, 8);
  const entry = index.entries.get(`${block}.conv1.weight`)!;
  expect(entry.type).toBe('f32');
  expect(await readFloats(entry)).toEqual(weight.data);
});
