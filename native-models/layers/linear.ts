/**
 * Linear layers over the last axis, as PyTorch's, and the two-layer MLP made of them.
 */
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { gelu, gemm, mul, reshape, reshapeLike } from '../graph/ops.ts';
import { GraphError, staticDim } from '../graph/shapes.ts';
import { BLOCK_4_BITS } from '../weights/quantize.ts';
import type { GraphWeights } from './graph-weights.ts';
import { biasOf, channelsFirst, channelsLast, pointwise, rowCount } from './pointwise.ts';

/**
 * x·Wᵀ + b.
 *
 * @param x (…, in)
 * @param name prefix of the keys `name.weight`, (out, in) or as `quantizedLinearTensors` and `fourBitLinearTensors` make it, and `name.bias` (out), which may be missing
 * @param bias replaces `name.bias`
 * @returns (…, out)
 */
export function linear(g: GraphBuilder, x: Value, weights: GraphWeights, name: string, bias?: Value): Value {
  if (isQuantized(weights, name)) return quantizedLinear(g, x, weights, name, bias);
  if (g.target === 'cpu') return channelsLast(g, pointwise(g, channelsFirst(g, x), weights, name, bias), x);
  const rows = reshape(g, x, rowCount(x.shape), staticDim(x.shape.at(-1)));
  const y = fewRowsLinear(g, rows, weights, name, bias);
  return reshapeLike(g, y, x, staticDim(y.shape[1]));
}

/**
 * The same for a matrix of a few rows, whose cost is to read the weights: as one matrix product.
 *
 * @param x (rows, in)
 * @returns (rows, out)
 */
export function fewRowsLinear(g: GraphBuilder, x: Value, weights: GraphWeights, name: string, bias?: Value): Value {
  if (isQuantized(weights, name)) return quantizedLinear(g, x, weights, name, bias);
  return g.scope(name, () => gemm(g, x, weights.float(`${name}.weight`), bias ?? biasOf(weights, name)));
}

/**
 * second(activation(first(x))), without a change of layout in between.
 *
 * @param x (…, C)
 * @returns (…, C)
 */
export function mlp(
  g: GraphBuilder,
  x: Value,
  weights: GraphWeights,
  names: { first: string; second: string; activation: (g: GraphBuilder, x: Value) => Value },
): Value {
  const { first, second, activation } = names;
  if (g.target !== 'cpu' || isQuantized(weights, first)) {
    return linear(g, activation(g, linear(g, x, weights, first)), weights, second);
  }
  const hidden = activation(g, pointwise(g, channelsFirst(g, x), weights, first));
  return channelsLast(g, pointwise(g, hidden, weights, second), x);
}

/**
 * fc2(GELU(fc1_g(x)) ⊙ fc1_x(x)): timm's `SwiGLU` with GELU in SiLU's place.
 *
 * @param x (…, C)
 * @returns (…, C)
 */
export function gatedMlp(g: GraphBuilder, x: Value, weights: GraphWeights): Value {
  if (g.target !== 'cpu' || isQuantized(weights, 'fc1_g')) {
    const gate = gelu(g, linear(g, x, weights, 'fc1_g'));
    return linear(g, mul(g, gate, linear(g, x, weights, 'fc1_x')), weights, 'fc2');
  }
  const rows = channelsFirst(g, x);
  const hidden = mul(g, gelu(g, pointwise(g, rows, weights, 'fc1_g')), pointwise(g, rows, weights, 'fc1_x'));
  return channelsLast(g, pointwise(g, hidden, weights, 'fc2'), x);
}

function isQuantized(weights: GraphWeights, name: string): boolean {
  return ['i8', 'u8'].includes(weights.entry(`${name}.weight`).type);
}

function quantizedLinear(g: GraphBuilder, x: Value, weights: GraphWeights, name: string, bias?: Value): Value {
  const inEightBits = weights.entry(`${name}.weight`).type === 'i8';
  return (inEightBits ? eightBitLinear : fourBitLinear)(g, x, weights, name, bias);
}

/**
 * Rows of x are quantized to 8 bits as they come (one scale for the tensor), W has one scale for each output.
 *
 *   x ── DynamicQuantizeMatMul ── y
 *   W (in, out) int8 ──┤
 *   W.scale (out) ─────┘
 */
function eightBitLinear(g: GraphBuilder, x: Value, weights: GraphWeights, name: string, bias?: Value): Value {
  const weight = weights.stored(`${name}.weight`);
  const columnScale = weights.stored(`${name}.weight.scale`);
  const [inputs, outputs] = weight.shape as readonly [number, number];
  if (inputs !== x.shape.at(-1)) throw new GraphError(`${name}: ${x.shape.at(-1)} inputs for a weight of ${inputs}.`);
  const zeroPoint = g.bytes('int8', new Int8Array(outputs), outputs);
  const values = [x, weight, columnScale, zeroPoint, bias ?? biasOf(weights, name)];
  const shape = [...x.shape.slice(0, -1), outputs];
  return g.scope(name, () =>
    g.node('DynamicQuantizeMatMul', values, { type: 'float32', shape }, { domain: 'com.microsoft' }),
  );
}

/** Rows of x are quantized to 8 bits by blocks, each with a scale of its own: rows do not depend on each other. */
const EIGHT_BIT_INPUTS = 4;

/** W in 4 bits, with a scale for each block of 32 inputs of an output. */
function fourBitLinear(g: GraphBuilder, x: Value, weights: GraphWeights, name: string, bias?: Value): Value {
  const weight = weights.stored(`${name}.weight`); // (out, in / 32, 16)
  const [outputs, blocks] = weight.shape as readonly [number, number];
  const inputs = blocks * BLOCK_4_BITS;
  if (inputs !== x.shape.at(-1)) throw new GraphError(`${name}: ${x.shape.at(-1)} inputs for a weight of ${inputs}.`);
  const attributes = { K: inputs, N: outputs, bits: 4, block_size: BLOCK_4_BITS, accuracy_level: EIGHT_BIT_INPUTS };
  const values = [
    x,
    weight,
    weights.stored(`${name}.weight.scale`),
    undefined,
    undefined,
    bias ?? biasOf(weights, name),
  ];
  const result = { type: 'float32', shape: [...x.shape.slice(0, -1), outputs] } as const;
  return g.scope(name, () => g.node('MatMulNBits', values, result, { domain: 'com.microsoft', attributes }));
}
