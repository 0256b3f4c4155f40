/**
 * DINOv2 as a graph.
 * Source: Oquab et al., "DINOv2", arXiv 2304.07193; a vision transformer with LayerScale, as in transformers 4 `models/dinov2`.
 */
import { GraphBuilder, type Target, type Value } from '../graph/graph-builder.ts';
import type { OnnxModel } from '../graph/onnx-model.ts';
import { add, concat, conv, gelu, mul, reshape, slice, transpose } from '../graph/ops.ts';
import { attend, headsFirst, splitHeads } from '../layers/attention.ts';
import { GraphWeights } from '../layers/graph-weights.ts';
import { affineLayerNorm } from '../layers/layer-norm.ts';
import { linear, mlp } from '../layers/linear.ts';
import type { Dinov2Config, Dinov2Weights } from './config.ts';

const NORM_EPSILON = 1e-6;

/**
 * Features of every patch.
 *
 * Inputs: `image` (1, 3, patch·rows, patch·columns); `positions` (1, rows·columns + 1, C), the learned positions brought to this
 * grid, the class token's first. Output: `features` (1, rows·columns, C), raster order.
 */
export function buildDinov2(
  target: Target,
  { index, config }: Dinov2Weights,
  grid: { rows: number; columns: number },
): OnnxModel {
  const g = new GraphBuilder('vision/dinov2', target);
  const { width: C, patch, layers, prefix } = config;
  const count = grid.rows * grid.columns;
  const weights = new GraphWeights(g, index, prefix);
  const image = g.input('image', 'float32', [1, 3, patch * grid.rows, patch * grid.columns]);
  const positions = g.input('positions', 'float32', [1, count + 1, C]);
  const [kernel, bias] = ['weight', 'bias'].map((key) =>
    weights.float(`embeddings.patch_embeddings.projection.${key}`),
  );
  const patches = conv(g, image, kernel as Value, bias, { stride: patch }); // (1, C, rows, columns)
  const tokens = transpose(g, reshape(g, patches, 1, C, count), 0, 2, 1);
  let x = add(g, concat(g, [weights.float('embeddings.cls_token'), tokens], 1), positions);
  for (let i = 0; i < layers; i++) x = weights.under(`encoder.layer.${i}`, (layer) => block(g, x, layer, config));
  g.output('features', slice(g, affineLayerNorm(g, x, weights, 'layernorm', NORM_EPSILON), 1, 1, count + 1));
  return g.build();
}

/** x + λ1·Attn(LN x), then x + λ2·MLP(LN x). */
function block(g: GraphBuilder, x: Value, layer: GraphWeights, { heads, width }: Dinov2Config): Value {
  const normed = affineLayerNorm(g, x, layer, 'norm1', NORM_EPSILON);
  const [q, k, v] = ['query', 'key', 'value'].map((name) =>
    splitHeads(g, linear(g, normed, layer, `attention.attention.${name}`), heads),
  ) as [Value, Value, Value];
  const cache = { keys: headsFirst(g, k), values: headsFirst(g, v) };
  const attended = linear(g, attend(g, q, cache, (width / heads) ** -0.5), layer, 'attention.output.dense');
  const middle = add(g, x, mul(g, attended, layer.float('layer_scale1.lambda1')));
  const names = { first: 'mlp.fc1', second: 'mlp.fc2', activation: gelu };
  const fed = mlp(g, affineLayerNorm(g, middle, layer, 'norm2', NORM_EPSILON), layer, names);
  return add(g, middle, mul(g, fed, layer.float('layer_scale2.lambda1')));
}
