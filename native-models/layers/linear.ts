/**
 * x·Wᵀ + b over the last axis, as PyTorch's Linear.
 */
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { gemm, reshape } from '../graph/ops.ts';
import { type Dim, GraphError, type Shape, staticDim } from '../graph/shapes.ts';
import type { GraphWeights } from './graph-weights.ts';

/**
 * @param x (…, in)
 * @param name prefix of the keys `name.weight` (out, in), or (in, out) when quantized, and `name.bias` (out), which may be missing
 * @param bias replaces `name.bias`
 * @returns (…, out)
 */
export function linear(g: GraphBuilder, x: Value, weights: GraphWeights, name: string, bias?: Value): Value {
  return g.scope(name, () => {
    const offset = bias ?? (weights.has(`${name}.bias`) ? weights.float(`${name}.bias`) : undefined);
    return weights.entry(`${name}.weight`).type === 'i8'
      ? quantizedLinear(g, x, weights, name, offset)
      : floatLinear(g, x, weights.float(`${name}.weight`), offset);
  });
}

function floatLinear(g: GraphBuilder, x: Value, weight: Value, bias: Value | undefined): Value {
  const rows = reshape(g, x, rowCount(x.shape), staticDim(x.shape.at(-1)));
  return reshape(g, gemm(g, rows, weight, bias), ...x.shape.slice(0, -1), weight.shape[0] as Dim);
}

/**
 * Rows of x are quantized to 8 bits as they come (one scale for the tensor), W has one scale for each output.
 *
 *   x ── DynamicQuantizeMatMul ── y
 *   W (in, out) int8 ──┤
 *   W.scale (out) ─────┘
 */
function quantizedLinear(
  g: GraphBuilder,
  x: Value,
  weights: GraphWeights,
  name: string,
  bias: Value | undefined,
): Value {
  const weight = weights.stored(`${name}.weight`);
  const columnScale = weights.stored(`${name}.weight.scale`);
  const [inputs, outputs] = weight.shape;
  if (inputs !== x.shape.at(-1)) throw new GraphError(`${name}: ${x.shape.at(-1)} inputs for a weight of ${inputs}.`);
  const shape = [...x.shape.slice(0, -1), outputs as Dim];
  const options = { domain: 'com.microsoft' } as const;
  return g.node(
    'DynamicQuantizeMatMul',
    [x, weight, columnScale, undefined, bias],
    { type: 'float32', shape },
    options,
  );
}

/** Product of all sizes but the last; a name when one is not known. */
function rowCount(shape: Shape): Dim {
  const lead = shape.slice(0, -1);
  return lead.every((dim) => typeof dim === 'number')
    ? lead.reduce<number>((product, dim) => product * (dim as number), 1)
    : lead.join('·');
}
