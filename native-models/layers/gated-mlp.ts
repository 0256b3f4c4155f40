/**
 * Gated feed-forward layers.
 * Source: Shazeer, "GLU Variants Improve Transformer", arXiv 2002.05202.
 */
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { mul } from '../graph/ops.ts';
import type { GraphWeights } from './graph-weights.ts';
import { fewRowsLinear } from './linear.ts';

/**
 * down(activation(gate x) · up x) with the given names of the linear layers, for few rows.
 *
 * @param x (rows, C)
 * @returns (rows, C)
 */
export function fewRowsGatedMlp(
  g: GraphBuilder,
  x: Value,
  weights: GraphWeights,
  names: { gate: string; up: string; down: string; activation: (g: GraphBuilder, x: Value) => Value },
): Value {
  const gate = names.activation(g, fewRowsLinear(g, x, weights, names.gate));
  return fewRowsLinear(g, mul(g, gate, fewRowsLinear(g, x, weights, names.up)), weights, names.down);
}
