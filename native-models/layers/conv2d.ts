/**
 * Convolutions by their checkpoint names.
 */
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { type ConvOptions, conv } from '../graph/ops.ts';
import { staticDim } from '../graph/shapes.ts';
import type { GraphWeights } from './graph-weights.ts';
import { suitsWinograd, winogradConv } from './winograd-conv.ts';

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
    const [weight, bias] = [weights.float(`${name}.weight`), weights.float(`${name}.bias`)];
    if (Object.keys(options).length === 0 && suitsWinograd(g, x, weight)) return winogradConv(g, x, weight, bias);
    const pad = (staticDim(weight.shape[2]) - 1) / 2;
    return conv(g, x, weight, bias, { pads: [pad, pad, pad, pad], ...options });
  });
}
