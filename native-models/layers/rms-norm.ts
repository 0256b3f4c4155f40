/**
 * RMS normalisation over the last axis.
 */
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { staticDim } from '../graph/shapes.ts';

const EPSILON = 1e-6;

/** x / √(mean x² + ε) · gain, as one pass; without a gain where none is given. */
export function rmsNorm(g: GraphBuilder, x: Value, gain?: Value, epsilon = EPSILON): Value {
  const width = staticDim(x.shape.at(-1));
  const weight = gain ?? g.floats(new Float32Array(width).fill(1), width);
  return g.node('SimplifiedLayerNormalization', [x, weight], x, {
    attributes: { axis: -1, epsilon: { float: epsilon } },
  });
}
