/**
 * Layer normalisation with a learned scale and shift.
 */
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import type { GraphWeights } from './graph-weights.ts';

/** LN(x)·γ + β over the last axis, with the keys `name.weight` and `name.bias` (C). */
export function affineLayerNorm(
  g: GraphBuilder,
  x: Value,
  weights: GraphWeights,
  name: string,
  epsilon: number,
): Value {
  const inputs = [x, weights.float(`${name}.weight`), weights.float(`${name}.bias`)];
  const attributes = { axis: -1, epsilon: { float: epsilon } };
  return g.scope(name, () => g.node('LayerNormalization', inputs, x, { attributes }));
}
