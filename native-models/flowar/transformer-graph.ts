/**
 * FlowAR's autoregressive transformer as graphs: the condition (once a picture), and the blocks (once a scale).
 * Source: FlowAR paper §3; `models/flowar.py` (wangqiang9/FlowAR 5745a96).
 *
 * Letters: B rows (conditional first, then unconditional), L tokens of the scale, D width, Z latent channels.
 */
import { GraphBuilder, type Target } from '../graph/graph-builder.ts';
import type { OnnxModel } from '../graph/onnx-model.ts';
import { add, gather, reshape, silu } from '../graph/ops.ts';
import { adaLnStack, MODULATIONS, positionsOf, stackModulation } from '../layers/adaln-stack.ts';
import { GraphWeights } from '../layers/graph-weights.ts';
import { linear } from '../layers/linear.ts';
import type { FlowArWeights } from './config.ts';

/**
 * All that depends on the class alone.
 *
 * Input: `labels` (B). Outputs: `first` (B, 1, D), the input of scale 0; `modulation` (blocks, B, 6, D).
 */
export function buildCondition(target: Target, { index, config }: FlowArWeights): OnnxModel {
  const g = new GraphBuilder('flowar/condition', target);
  const weights = new GraphWeights(g, index);
  const labels = g.input('labels', 'int64', ['B']);
  const condition = gather(g, weights.float('class_emb.weight'), labels); // (B, D)
  g.output('first', reshape(g, condition, 'B', 1, config.width));
  g.output('modulation', stackModulation(g, silu(g, condition), weights, config));
  return g.build();
}

/** The input of a scale from the scale before: `latent` (1, L, Z) at this scale's size → `x` (1, L, D). */
export function buildEmbedding(target: Target, { index, config }: FlowArWeights): OnnxModel {
  const g = new GraphBuilder('flowar/embedding', target);
  const weights = new GraphWeights(g, index);
  g.output('x', linear(g, g.input('latent', 'float32', [1, 'L', config.channels]), weights, 'z_proj'));
  return g.build();
}

/**
 * All blocks for the tokens of one scale.
 *
 * Inputs: `x` (B, L, D), `range` (L), `modulation`, `cos` and `sin` (L, d/2), and the cache (see `adaLnStack`).
 * Outputs: `z` (B, L, D), the flow head's condition, and the cache.
 */
export function buildBlocks(target: Target, { index, config }: FlowArWeights): OnnxModel {
  const g = new GraphBuilder('flowar/blocks', target);
  const weights = new GraphWeights(g, index);
  const { width: D, heads, encoderBlocks, decoderBlocks } = config;
  const half = D / heads / 2;
  const inputs = {
    x: g.input('x', 'float32', ['B', 'L', D]),
    range: g.input('range', 'int64', ['L']),
    modulation: g.input('modulation', 'float32', [encoderBlocks + decoderBlocks, 'B', MODULATIONS, D]),
    rotary: { cos: g.input('cos', 'float32', ['L', half]), sin: g.input('sin', 'float32', ['L', half]) },
  };
  const decoded = adaLnStack(g, inputs, weights, config);
  g.output('z', add(g, decoded, positionsOf(g, weights, 'diffusion_pos_embed_learned', inputs.range)));
  return g.build();
}
