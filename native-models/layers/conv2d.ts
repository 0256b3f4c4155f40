/**
 * Convolutions by their checkpoint names.
 */
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { type ConvOptions, conv } from '../graph/ops.ts';
import { staticDim } from '../graph/shapes.ts';
import type { GraphWeights } from './graph-weights.ts';

/**
 * @param x (B, in, H, W)
 * @param name prefix of the keys `name.weight` (out, in, k, k) and `name.bias` (out)
 * @param options zero padding keeps height and width unless it says otherwise
 * @returns (B, out, H', W')
 */
export function conv2d(
  g: GraphBuilder,
  x: Value,
  weights: GraphWeights,
  name: string,
  options: ConvOptions = {},
): Value {
  return g.scope(name, () => {
    const weight = weights.float(`${name}.weight`);
    const pad = (staticDim(weight.shape[2]) - 1) / 2;
    return conv(g, x, weight, weights.float(`${name}.bias`), { pads: [pad, pad, pad, pad], ...options });
  });
}
