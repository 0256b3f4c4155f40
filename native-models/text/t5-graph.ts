/**
 * The T5 encoder as a graph.
 * Source: Raffel et al., arXiv 1910.10683, with the gated layers of version 1.1: no biases, RMS norms, no factor on the scores, and
 * a learned bias for each distance, which all layers share.
 */
import { GraphBuilder, type Target, type Value } from '../graph/graph-builder.ts';
import type { OnnxModel } from '../graph/onnx-model.ts';
import { add, gather, geluTanh, matmul, reshape, softmax, transpose } from '../graph/ops.ts';
import { headsFirst, joinHeads, splitHeads } from '../layers/attention.ts';
import { fewRowsGatedMlp } from '../layers/gated-mlp.ts';
import { GraphWeights } from '../layers/graph-weights.ts';
import { fewRowsLinear } from '../layers/linear.ts';
import { rmsNorm } from '../layers/rms-norm.ts';
import { embeddingKey, type T5Config, type T5Weights } from './config.ts';

/**
 * Inputs: `ids` (L) int64; `buckets` (L, L) int64, the distance bucket of each pair (see `distanceBuckets`).
 * Output: `features` (L, C).
 */
export function buildT5Encoder(target: Target, { index, config }: T5Weights): OnnxModel {
  const g = new GraphBuilder('text/t5', target);
  const weights = new GraphWeights(g, index);
  const buckets = g.input('buckets', 'int64', ['L', 'L']);
  let x = gather(g, weights.float(embeddingKey(index)), g.input('ids', 'int64', ['L'])); // (L, C)
  const bias = weights.under('encoder.block.0.layer.0.SelfAttention', (first) =>
    transpose(g, gather(g, first.float('relative_attention_bias.weight'), buckets), 2, 0, 1),
  ); // (H, L, L)
  for (let i = 0; i < config.layers; i++) {
    x = weights.under(`encoder.block.${i}.layer`, (layer) => block(g, x, bias, layer, config));
  }
  g.output('features', rmsNorm(g, x, weights.float('encoder.final_layer_norm.weight')));
  return g.build();
}

/** x + Attn(RMS x), then x + FFN(RMS x). */
function block(g: GraphBuilder, x: Value, bias: Value, layer: GraphWeights, config: T5Config): Value {
  const normed = rmsNorm(g, x, layer.float('0.layer_norm.weight'));
  const middle = add(
    g,
    x,
    layer.under('0.SelfAttention', (weights) => attention(g, normed, bias, weights, config)),
  );
  const fed = rmsNorm(g, middle, layer.float('1.layer_norm.weight'));
  const names = { gate: 'wi_0', up: 'wi_1', down: 'wo', activation: geluTanh };
  return add(
    g,
    middle,
    layer.under('1.DenseReluDense', (weights) => fewRowsGatedMlp(g, fed, weights, names)),
  );
}

function attention(g: GraphBuilder, x: Value, bias: Value, weights: GraphWeights, config: T5Config): Value {
  const inner = config.heads * config.headSize;
  const [q, k, v] = ['q', 'k', 'v'].map((name) => {
    const y = reshape(g, fewRowsLinear(g, x, weights, name), 1, 'L', inner);
    return headsFirst(g, splitHeads(g, y, config.heads)); // (1, H, L, d)
  }) as [Value, Value, Value];
  const scores = add(g, matmul(g, q, transpose(g, k, 0, 1, 3, 2)), reshape(g, bias, 1, config.heads, 'L', 'L'));
  const mixed = joinHeads(g, headsFirst(g, matmul(g, softmax(g, scores), v)));
  return fewRowsLinear(g, reshape(g, mixed, 'L', inner), weights, 'o');
}
