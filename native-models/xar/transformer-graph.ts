/**
 * xAR's transformer as graphs: the modulation (once for all times of a cell), and the blocks (once a step).
 * Source: xAR paper §3; `models/xar.py` (OliverRensu/xAR 121e9c9).
 *
 * Letters: B rows (conditional first, then unconditional), T times, L tokens of a cell, D width, Z latent channels.
 */
import { GraphBuilder, type Target } from '../graph/graph-builder.ts';
import type { OnnxModel } from '../graph/onnx-model.ts';
import { add, gather, reshape, silu } from '../graph/ops.ts';
import { adaLnStack, MODULATIONS, stackModulation } from '../layers/adaln-stack.ts';
import { GraphWeights } from '../layers/graph-weights.ts';
import { linear } from '../layers/linear.ts';
import { SINUSOIDS } from '../sampling/timestep.ts';
import type { XarWeights } from './config.ts';

/** `labels` (B) and `sinusoids` (T, 256) → `modulation` (blocks, T·B, 6, D), the rows of each time together. */
export function buildModulation(target: Target, { index, config }: XarWeights): OnnxModel {
  const g = new GraphBuilder('xar/modulation', target);
  const weights = new GraphWeights(g, index);
  const { width: D } = config;
  const label = gather(g, weights.float('class_emb.weight'), g.input('labels', 'int64', ['B'])); // (B, D)
  const sinusoids = g.input('sinusoids', 'float32', ['T', SINUSOIDS]);
  const hidden = silu(g, linear(g, sinusoids, weights, 'time_embed.mlp.0'));
  const time = reshape(g, linear(g, hidden, weights, 'time_embed.mlp.2'), 'T', 1, D);
  const condition = reshape(g, add(g, time, label), 'T·B', D);
  g.output('modulation', stackModulation(g, silu(g, condition), weights, config));
  return g.build();
}

/**
 * All blocks for the tokens of one cell.
 *
 * Inputs: `x` (B, L, Z), `range` (L), `modulation` (blocks, B, 6, D), `cos` and `sin` (L, d/2), and the cache (see `adaLnStack`).
 * Outputs: `velocity` (B, L, Z), noise less data, and the cache.
 */
export function buildBlocks(target: Target, { index, config }: XarWeights): OnnxModel {
  const g = new GraphBuilder('xar/blocks', target);
  const weights = new GraphWeights(g, index);
  const { width: D, heads, encoderBlocks, decoderBlocks, channels } = config;
  const half = D / heads / 2;
  const x = g.input('x', 'float32', ['B', 'L', channels]);
  const inputs = {
    range: g.input('range', 'int64', ['L']),
    modulation: g.input('modulation', 'float32', [encoderBlocks + decoderBlocks, 'B', MODULATIONS, D]),
    rotary: { cos: g.input('cos', 'float32', ['L', half]), sin: g.input('sin', 'float32', ['L', half]) },
  };
  const decoded = adaLnStack(g, { ...inputs, x: linear(g, x, weights, 'z_proj') }, weights, config);
  g.output('velocity', linear(g, decoded, weights, 'pred'));
  return g.build();
}
