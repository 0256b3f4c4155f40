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

/**
 * GN(x)·γ + β with 32 groups, as one multiplication and one addition over the image.
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
    const groups = reshape(g, x, batch, GROUPS, members);
    const center = mean(g, groups, 2); // (B, 32, 1)
    const variance = sub(g, scale(g, sumOfSquares(g, groups), 1 / members), mul(g, center, center));
    const deviation = g.node('Sqrt', [add(g, variance, g.floats([EPSILON]))], variance);
    const perGroup = (key: string) => reshape(g, weights.float(`${name}.${key}`), 1, GROUPS, channels / GROUPS);
    const gamma = perGroup('weight');
    const a = g.node('Div', [gamma, deviation], { type: x.type, shape: [batch, GROUPS, channels / GROUPS] });
    const b = sub(g, perGroup('bias'), mul(g, center, a));
    const perChannel = (value: Value) => reshape(g, value, batch, channels, 1, 1);
    return add(g, mul(g, x, perChannel(a)), perChannel(b));
  });
}
