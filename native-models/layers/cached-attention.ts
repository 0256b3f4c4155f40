/**
 * Attention of a few new tokens over a cache that lies in the host's memory and is never copied: onnxruntime reads it where
 * it is, only the new keys and values leave the graph, and the host writes them into their places.
 */
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { add, concat, matmul, scale, softmax, splitInto, transpose } from '../graph/ops.ts';
import type { KeyValues } from './attention.ts';

export interface CachedAttention {
  /** (B·H, L, d) */
  readonly q: Value;
  /** The new tokens', (B·H, L, d). */
  readonly current: KeyValues;
  /** (B·H, capacity, d) */
  readonly cache: KeyValues;
  /** (L, capacity + L), added to the scores: 0 where a token sees, −∞ where it does not. */
  readonly bias: Value;
  /** (2) int64: capacity and L. */
  readonly sizes: Value;
}

/**
 * softmax(q·[cached, new]ᵀ/√d + bias)·[cached, new].
 *
 * @returns (B·H, L, d)
 */
export function attendCached(g: GraphBuilder, { q, current, cache, bias, sizes }: CachedAttention): Value {
  const factor = (q.shape.at(-1) as number) ** -0.5;
  const parts = [cache.keys, current.keys].map((keys) => products(g, q, keys, factor));
  const scores = add(g, concat(g, parts, 2, 'total'), bias); // (B·H, L, capacity + L)
  const lengths = parts.map((part) => part.shape[2] as string);
  const [old, fresh] = splitInto(g, softmax(g, scores), lengths, sizes, 2) as [Value, Value];
  return add(g, matmul(g, old, cache.values), matmul(g, fresh, current.values));
}

/** factor · q·keysᵀ; on the CPU without a transposed copy of the keys. */
function products(g: GraphBuilder, q: Value, keys: Value, factor: number): Value {
  if (g.target === 'gpu') return scale(g, matmul(g, q, transpose(g, keys, 0, 2, 1)), factor);
  const shape = [...q.shape.slice(0, 2), keys.shape[1] as string];
  const attributes = { transB: 1, alpha: { float: factor } };
  return g.node('FusedMatMul', [q, keys], { type: 'float32', shape }, { domain: 'com.microsoft', attributes });
}
