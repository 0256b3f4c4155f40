/**
 * The residual and attention blocks of latent-diffusion autoencoders.
 * Source: CompVis/taming-transformers `taming/modules/diffusionmodules/model.py`, as FoundationVision/VAR
 * `models/basic_vae.py` uses it.
 */
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { add, matmul, reshape, scale, silu, softmax, split, transpose } from '../graph/ops.ts';
import { staticDim } from '../graph/shapes.ts';
import { conv2d } from './conv2d.ts';
import type { GraphWeights } from './graph-weights.ts';
import { groupNorm } from './group-norm.ts';
import { quantizedConvOfSilu } from './quantized-conv.ts';

/** x + conv2(SiLU(GN(conv1(SiLU(GN x))))), with a 1×1 convolution on x where the widths differ. (B, C, H, W) → (B, C', H, W) */
export function residualBlock(g: GraphBuilder, x: Value, weights: GraphWeights): Value {
  let h = convOfSilu(g, silu(g, groupNorm(g, x, weights, 'norm1')), weights, 'conv1');
  h = convOfSilu(g, silu(g, groupNorm(g, h, weights, 'norm2')), weights, 'conv2');
  const shortcut = weights.has('nin_shortcut.weight') ? conv2d(g, x, weights, 'nin_shortcut') : x;
  return add(g, shortcut, h);
}

function convOfSilu(g: GraphBuilder, x: Value, weights: GraphWeights, name: string): Value {
  const quantized = weights.entry(`${name}.weight`).type === 'i8';
  return quantized ? quantizedConvOfSilu(g, x, weights, name) : conv2d(g, x, weights, name);
}

/** From one convolution (VAR) or three (KL-16, VQ-16): (B, C, H, W) each. */
function queriesKeysValues(g: GraphBuilder, x: Value, weights: GraphWeights): Value[] {
  if (weights.has('qkv.weight')) return split(g, conv2d(g, x, weights, 'qkv'), 3, 1);
  return ['q', 'k', 'v'].map((name) => conv2d(g, x, weights, name));
}

/** x + proj(softmax(qᵀk·C^−½)·v) over all pixels, one head. (B, C, H, W) → (B, C, H, W) */
export function attentionBlock(g: GraphBuilder, x: Value, weights: GraphWeights): Value {
  const [batch, channels, height, width] = x.shape.map(staticDim) as [number, number, number, number];
  const pixels = height * width;
  const [q, k, v] = queriesKeysValues(g, groupNorm(g, x, weights, 'norm'), weights).map((part) =>
    reshape(g, part, batch, channels, pixels),
  ) as [Value, Value, Value]; // (B, C, HW)
  const scores = scale(g, matmul(g, transpose(g, q, 0, 2, 1), k), channels ** -0.5); // (B, HW, HW)
  const mixed = matmul(g, v, transpose(g, softmax(g, scores), 0, 2, 1)); // (B, C, HW)
  return add(g, x, conv2d(g, reshape(g, mixed, batch, channels, height, width), weights, 'proj_out'));
}
