/**
 * Group normalisation of (B, C, H, W) images.
 */
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { add, mean, mul, reshape, scale, sub, sumOfSquares } from '../graph/ops.ts';
import { staticDim } from '../graph/shapes.ts';
import type { GraphWeights } from './graph-weights.ts';

/** Groups and epsilon of the latent-diffusion autoencoders that all tokenizers here descend from. */
const GROUPS = 32;
const EPSILON = 1e-6;
/** Sums are taken in two steps of at most this many terms first: one long float32 sum would lose three digits. */
const MAX_PARTIAL_SUM = 256;

/**
 * GN(x)·γ + β with 32 groups, for one image (B = 1), as one multiplication and one addition over the image.
 *
 *   x ─┬─ mean, mean square of each group ── a = γ/σ, b = β − mean·a  (of each channel)
 *      └───────────────────────────────────── x·a + b
 *
 * @param name prefix of the keys `name.weight` and `name.bias`, (C) each
 */
export function groupNorm(g: GraphBuilder, x: Value, weights: GraphWeights, name: string): Value {
  return g.scope(name, () => {
    const [batch, channels, height, width] = x.shape.map(staticDim) as [number, number, number, number];
    const members = (channels / GROUPS) * height * width;
    const partial = powerOfTwoDivisor(members, MAX_PARTIAL_SUM);
    const groups = reshape(g, x, batch, GROUPS, members / partial, partial);
    const center = twoStepMean(g, mean(g, groups, 3)); // (B, 32, 1)
    const meanSquare = twoStepMean(g, scale(g, sumOfSquares(g, groups), 1 / partial));
    // Rounding can put the difference below 0 where a group is even.
    const difference = sub(g, meanSquare, mul(g, center, center));
    const variance = g.node('Max', [difference, g.floats([0])], difference);
    const deviation = g.node('Sqrt', [add(g, variance, g.floats([EPSILON]))], variance);
    const perGroup = (key: string) => reshape(g, weights.float(`${name}.${key}`), 1, GROUPS, channels / GROUPS);
    const a = g.node('Div', [perGroup('weight'), deviation], {
      type: x.type,
      shape: [batch, GROUPS, channels / GROUPS],
    });
    const b = sub(g, perGroup('bias'), mul(g, center, a));
    const perChannel = (value: Value) => reshape(g, value, channels);
    return scaleAndShift(g, x, perChannel(a), perChannel(b));
  });
}

/** (B, 32, n, 1) → (B, 32, 1) */
function twoStepMean(g: GraphBuilder, partials: Value): Value {
  return reshape(g, mean(g, partials, 2), staticDim(partials.shape[0]), GROUPS, 1);
}

/** x·a + b with a and b (C), as one pass: onnxruntime's BatchNormalization with mean 0 and variance 1. */
function scaleAndShift(g: GraphBuilder, x: Value, a: Value, b: Value): Value {
  const channels = staticDim(x.shape[1]);
  const zeros = g.floats(new Float32Array(channels), channels);
  const ones = g.floats(new Float32Array(channels).fill(1), channels);
  return g.node('BatchNormalization', [x, a, b, zeros, ones], x, { attributes: { epsilon: { float: 0 } } });
}

function powerOfTwoDivisor(value: number, largest: number): number {
  let divisor = largest;
  while (value % divisor !== 0) divisor /= 2;
  return divisor;
}
