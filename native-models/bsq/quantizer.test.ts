import { describe, expect, it } from 'vitest';
import { squareGrid } from '../autoencoder/token-grid.ts';
import { TorchRandom } from '../sampling/torch-random.ts';
import type { BsqConfig } from './config.ts';
import { Quantizer } from './quantizer.ts';
import { scheduleOf, shapeOf } from './schedules.ts';

/** Codes of ±½. */
const config: BsqConfig = { latentChannels: 4, levels: 5, baseChannels: 32, patch: 1 };
const coarseToFine = new Quantizer(config, [
  { rows: 1, columns: 1 },
  { rows: 1, columns: 2 },
]);

describe('two scales by hand', () => {
  // Means 0.5, −0.5, 0.1, −0.1; then what is left of each pixel after ½ of its sign.
  const latent = Float32Array.of(0.9, 0.1, -0.9, -0.1, 0.6, -0.4, -0.7, 0.5);

  it('takes the signs of the mean, then those of what is left', () => {
    expect([...coarseToFine.quantize(latent)]).toEqual([1, 0, 1, 0, /* left */ 1, 0, 1, 0, /* right */ 0, 1, 0, 1]);
  });

  it('adds the scales up again', () => {
    const [first, second] = coarseToFine.latents(Int32Array.of(1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1));
    expect([...first!]).toEqual([0.5, 0.5, -0.5, -0.5, 0.5, 0.5, -0.5, -0.5]);
    expect([...second!]).toEqual([1, 0, -1, 0, 1, 0, -1, 0]);
  });

  it('says what the transformer reads next', () => {
    const [first] = coarseToFine.latents(Int32Array.of(1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0));
    expect([...coarseToFine.nextInput(0, first!)]).toEqual([0.5, -0.5, 0.5, 0.5, 0.5, -0.5, 0.5, 0.5]);
  });
});

it('quantizes nought to 0', () => {
  expect(new Quantizer(config, [squareGrid(1)]).quantize(new Float32Array(4))).toEqual(Int32Array.of(0, 0, 0, 0));
});

it.each([
  ['a latent of 1/16', { ...config, latentChannels: 32 }],
  ['a latent of 1/8 in patches', { ...config, latentChannels: 14, levels: 4, patch: 2 } as BsqConfig],
])('comes nearer to %s over the scales', (_, config) => {
  const quantizer = new Quantizer(config, scheduleOf(shapeOf(3, 4), 7));
  const wave = (i: number) => Math.sin(i / 40) * 0.3;
  const latent = quantizer.emptyLatent().map((_, i) => wave(i)); // slow along the rows
  const error = (other: Float32Array) => other.reduce((sum, value, i) => sum + (value - latent[i]!) ** 2, 0);
  const errors = quantizer.latents(quantizer.quantize(latent)).map(error);
  expect(errors.at(-1)).toBeLessThan(errors[0]! / 2);
});

it('refuses what are not its bits', () => {
  const bits = Int32Array.from(new TorchRandom(1).rand(12), Math.round);
  expect(() => coarseToFine.latents(bits)).not.toThrow();
  const refusal = expect.objectContaining({ code: 'bad-request', message: expect.stringContaining('has 12 bits') });
  expect(() => coarseToFine.latents(bits.subarray(1))).toThrow(refusal);
  expect(() => coarseToFine.latents(bits.map((bit) => bit + 1))).toThrow(refusal);
});
