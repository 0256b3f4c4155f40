/**
 * Multi-head attention with a key-value cache.
 */
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { concat, matmul, mul, reshape, scale, softmax, transpose } from '../graph/ops.ts';
import { type Dim, staticDim } from '../graph/shapes.ts';

/** Keys and values of the tokens so far, (B, H, tokens, d) each. */
export interface KeyValues {
  readonly keys: Value;
  readonly values: Value;
}

/** (B, L, H·d) → (B, L, H, d) */
export function splitHeads(g: GraphBuilder, x: Value, heads: number): Value {
  const [batch, length, width] = x.shape as [Dim, Dim, Dim];
  return reshape(g, x, batch, length, heads, staticDim(width) / heads);
}

/** (B, L, H, d) → (B, L, H·d) */
export function joinHeads(g: GraphBuilder, x: Value): Value {
  const [batch, length, heads, size] = x.shape as [Dim, Dim, number, number];
  return reshape(g, x, batch, length, heads * size);
}

/** (B, L, H, d) → (B, H, L, d), and back. */
export function headsFirst(g: GraphBuilder, x: Value): Value {
  return transpose(g, x, 0, 2, 1, 3);
}

/**
 * x / ‖x‖₂ over the last axis, as PyTorch's `F.normalize`.
 *
 * Written as RMS normalisation, x / √(mean x² + ε) · 1/√d, which the runtime has as one pass. ε stands for the bound of
 * 1e−12 on the norm and changes nothing above it.
 */
export function l2Normalize(g: GraphBuilder, x: Value): Value {
  const size = staticDim(x.shape.at(-1));
  const gain = g.floats(new Float32Array(size).fill(1 / Math.sqrt(size)), size);
  const attributes = { axis: -1, epsilon: { float: 1e-26 } };
  return g.node('SimplifiedLayerNormalization', [x, gain], x, { attributes });
}

/** Appends this step's keys and values to the cache; the joined size is called `total`. */
export function appendToCache(g: GraphBuilder, past: KeyValues, current: KeyValues): KeyValues {
  return {
    keys: concat(g, [past.keys, current.keys], 2, 'total'),
    values: concat(g, [past.values, current.values], 2, 'total'),
  };
}

/** (B, L, H, d) → (L, B, H, d), the order of a `KeyValueCache`, and back. */
export function tokensFirst(g: GraphBuilder, x: Value): Value {
  return transpose(g, x, 1, 0, 2, 3);
}

/** Cached vectors (past, B, H, d) and this step's (L, B, H, d) as (B, H, total, d), for `attend`. */
export function joinCache(g: GraphBuilder, past: Value, current: Value): Value {
  return transpose(g, concat(g, [past, current], 0, 'total'), 1, 2, 0, 3);
}

/** Cached vectors (past, B, H, d) and this step's (L, B, H, d) as (B, total, H·d), for `attendMany`. */
export function joinManyTokens(g: GraphBuilder, past: Value, current: Value): Value {
  return joinHeads(g, transpose(g, concat(g, [past, current], 0, 'total'), 1, 0, 2, 3));
}

/**
 * As `attend`, for thousands of tokens: never holds the scores of all queries and keys on the CPU, where onnxruntime's
 * MultiHeadAttention goes over keys in blocks if they come in this order, and only then.
 *
 * @param q (B, L, H, d)
 * @param seen keys and values, (B, tokens, H·d) each
 * @returns (B, L, H·d)
 */
export function attendMany(g: GraphBuilder, q: Value, { keys, values }: KeyValues, factor: number): Value {
  const heads = staticDim(q.shape[2]);
  if (g.target === 'cpu') return attentionNode(g, q, { keys, values }, heads, factor);
  const [split, splitValues] = [keys, values].map((part) => headsFirst(g, splitHeads(g, part, heads))) as [
    Value,
    Value,
  ];
  return plainAttention(g, q, { keys: split, values: splitValues }, factor);
}

/**
 * softmax(factor · q·kᵀ)·v without a mask.
 *
 * @param q (B, L, H, d)
 * @returns (B, L, H·d)
 */
export function attend(g: GraphBuilder, q: Value, past: KeyValues, factor: number): Value {
  return g.target === 'cpu' ? fusedAttention(g, q, past, factor) : plainAttention(g, q, past, factor);
}

/** As one node: onnxruntime's MultiHeadAttention. */
function fusedAttention(g: GraphBuilder, q: Value, past: KeyValues, factor: number): Value {
  return attentionNode(g, q, past, staticDim(past.keys.shape[1]), factor);
}

function attentionNode(g: GraphBuilder, q: Value, { keys, values }: KeyValues, heads: number, factor: number): Value {
  const attributes = { num_heads: heads, scale: { float: factor } };
  const joined = joinHeads(g, q);
  return g.node('MultiHeadAttention', [joined, keys, values], joined, { domain: 'com.microsoft', attributes });
}

/** Written out: the WebGPU provider's fused node is off by 5 % from some hundred tokens on (onnxruntime 1.30). */
function plainAttention(g: GraphBuilder, q: Value, { keys, values }: KeyValues, factor: number): Value {
  const raw = matmul(g, headsFirst(g, q), transpose(g, keys, 0, 1, 3, 2)); // (B, H, L, total)
  const weights = softmax(g, factor === 1 ? raw : scale(g, raw, factor));
  return joinHeads(g, headsFirst(g, matmul(g, weights, values)));
}

/** Multiplies each head's vectors by a number of its own: (B, L, H, d) by (H). */
export function scaleHeads(g: GraphBuilder, x: Value, factors: Value): Value {
  return mul(g, x, reshape(g, factors, 1, 1, staticDim(x.shape[2]), 1));
}
