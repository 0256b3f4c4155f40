import { describe, expect, it } from 'vitest';
import { gumbelNoise, gumbelSoftmax, mixCodebook } from './gumbel.ts';
import { TorchRandom } from './torch-random.ts';

describe('gumbelNoise', () => {
  it('is −log of exponential draws', () => {
    const draws = new TorchRandom(3).exponential(50);
    for (const [i, value] of gumbelNoise(50, new TorchRandom(3)).entries()) {
      expect(value).toBeCloseTo(-Math.log(draws[i]!), 6);
    }
  });

  it('has the mean and the variance of the Gumbel distribution', () => {
    const noise = Float64Array.from(gumbelNoise(20_000, new TorchRandom(0)));
    const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
    const variance = noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noise.length;
    expect(mean).toBeCloseTo(0.5772, 1);
    expect(variance / (Math.PI ** 2 / 6)).toBeCloseTo(1, 1);
  });
});

describe('gumbelSoftmax', () => {
  it('is softmax((logits·gain + noise) / temperature) of each row', () => {
    const [logits, noise] = [Float32Array.of(0, 1, 2, 3), Float32Array.of(1, 0, 0.5, -1)];
    const weights = gumbelSoftmax(logits, noise, { vocabulary: 2, gain: 1.5, temperature: 0.5 });
    const odds = (a: number, b: number) => 1 / (1 + Math.exp(b - a));
    const expected = [odds(2, 3), odds(3, 2), odds(7, 7), odds(7, 7)];
    for (const [i, value] of expected.entries()) expect(weights[i]).toBeCloseTo(value, 6);
  });

  it('gives −∞ exactly nothing, and the coldest mixture one code', () => {
    const logits = Float32Array.of(1, Number.NEGATIVE_INFINITY, 2);
    const weights = gumbelSoftmax(logits, Float32Array.of(0, 90, 0), { vocabulary: 3, gain: 1, temperature: 0.005 });
    expect(weights[1]).toBe(0);
    expect(weights[2]).toBeCloseTo(1, 6);
  });
});

describe('mixCodebook', () => {
  it('is the weighted sum of codes', () => {
    const codebook = Float32Array.of(1, 2, 10, 20, 100, 200);
    const mixed = mixCodebook(Float32Array.of(0.5, 0, 0.25, 0, 1, 0), codebook, 3, 2);
    expect(mixed).toEqual(Float32Array.of(25.5, 51, 10, 20));
  });
});
