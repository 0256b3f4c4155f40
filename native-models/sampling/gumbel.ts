/**
 * Gumbel-softmax mixing of codes, which VAR's authors use for smooth pictures.
 * Source: `gumbel_softmax_with_rng` in FoundationVision/VAR `models/helpers.py` (commit 78b9539).
 */
import { softmaxRows } from './softmax.ts';
import type { TorchRandom } from './torch-random.ts';

/** −log of exponential draws. */
export function gumbelNoise(count: number, random: TorchRandom): Float32Array {
  const values = random.exponential(count);
  for (let i = 0; i < count; i++) values[i] = -Math.log(values[i]!);
  return values;
}

export interface GumbelOptions {
  readonly vocabulary: number;
  /** Logits are multiplied by it. */
  readonly gain: number;
  readonly temperature: number;
}

/** softmax((logits·gain + noise) / temperature) of each row; −∞ logits get weight exactly 0. */
export function gumbelSoftmax(logits: Float32Array, noise: Float32Array, options: GumbelOptions): Float32Array {
  const { vocabulary } = options;
  const [gain, temperature] = [Math.fround(options.gain), Math.fround(options.temperature)];
  const weights = new Float32Array(logits.length);
  for (let i = 0; i < logits.length; i++) {
    weights[i] = Math.fround(Math.fround(logits[i]! * gain) + noise[i]!) / temperature;
  }
  softmaxRows(weights, vocabulary);
  return weights;
}

/** Weighted sums of codes: (rows, V) by (V, Z) → (rows, Z). */
export function mixCodebook(
  weights: Float32Array,
  codebook: Float32Array,
  vocabulary: number,
  channels: number,
): Float32Array {
  const rows = weights.length / vocabulary;
  const sum = new Float64Array(channels);
  const mixed = new Float32Array(rows * channels);
  for (let row = 0; row < rows; row++) {
    sum.fill(0);
    for (let code = 0; code < vocabulary; code++) {
      const weight = weights[row * vocabulary + code]!;
      if (weight === 0) continue;
      for (let z = 0; z < channels; z++) sum[z]! += weight * codebook[code * channels + z]!;
    }
    mixed.set(sum, row * channels);
  }
  return mixed;
}
