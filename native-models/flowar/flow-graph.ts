/**
 * FlowAR's flow head as graphs: what depends on time alone (once for each time), what depends on the transformer's output alone
 * (once a scale), and the velocity (once a step).
 * Source: `models/flowmodel.py` (wangqiang9/FlowAR 5745a96).
 *
 * Letters: B rows, L tokens of the scale, D width of the transformer, W width of the head, Z latent channels, H heads of d
 * numbers, T times.
 */
import { GraphBuilder, type Target, type Value } from '../graph/graph-builder.ts';
import type { OnnxModel } from '../graph/onnx-model.ts';
import { add, concat, mul, reshape, silu, slice, split } from '../graph/ops.ts';
import type { Dim } from '../graph/shapes.ts';
import { modulate } from '../layers/adaln-stack.ts';
import { attend, headsFirst, splitHeads } from '../layers/attention.ts';
import { GraphWeights } from '../layers/graph-weights.ts';
import { gatedMlp, linear } from '../layers/linear.ts';
import { rmsNorm } from '../layers/rms-norm.ts';
import { type Rotary, rotate } from '../layers/rotary.ts';
import { SINUSOIDS } from '../sampling/timestep.ts';
import type { FlowArConfig, FlowArWeights } from './config.ts';

/** Numbers of the modulation of an attention that time alone modulates: γ, 1 + scale, shift. */
const TIME_MODULATIONS = 3;

/**
 * `sinusoids` (T, 256) → `time` (T, W), and with cross-attention `modulation` (T, blocks, 3, W), with 1 added to the scales.
 */
export function buildTimes(target: Target, { index, config }: FlowArWeights): OnnxModel {
  const g = new GraphBuilder('flowar/times', target);
  const { width: W, blocks, crossAttention } = config.flow;
  new GraphWeights(g, index).under('flownet', (weights) => {
    const sinusoids = g.input('sinusoids', 'float32', ['T', SINUSOIDS]);
    const hidden = silu(g, linear(g, sinusoids, weights, 'time_embed.mlp.0'));
    const time = linear(g, hidden, weights, 'time_embed.mlp.2');
    g.output('time', time);
    if (!crossAttention) return;
    const activated = silu(g, time);
    const parts = Array.from({ length: blocks }, (_, i) =>
      weights.under(`res_blocks.${i}`, (block) =>
        reshape(g, linear(g, activated, block, 'ada_lin_attn'), 'T', 1, TIME_MODULATIONS, W),
      ),
    );
    const ones = [0, 1, 0].flatMap((one) => new Array<number>(W).fill(one));
    g.output('modulation', add(g, concat(g, parts, 1), g.floats(ones, 1, 1, TIME_MODULATIONS, W)));
  });
  return g.build();
}

/**
 * `z` (B, L, D) → `condition` (B, L, W), and with cross-attention `keys.i`, `values.i` (B, H, L, d) of each block; the rotary
 * table is `cos`, `sin` (L, d/2).
 */
export function buildFlowCondition(target: Target, { index, config }: FlowArWeights): OnnxModel {
  const g = new GraphBuilder('flowar/flow-condition', target);
  const { heads, blocks, crossAttention } = config.flow;
  const z = g.input('z', 'float32', ['B', 'L', config.width]);
  new GraphWeights(g, index).under('flownet', (weights) => {
    g.output('condition', linear(g, z, weights, 'cond_embed'));
    if (!crossAttention) return;
    const rotary = rotaryInputs(g, config);
    for (let i = 0; i < blocks; i++) {
      weights.under(`res_blocks.${i}`, (block) => {
        const normed = rmsNorm(g, z, block.float('norm2_2.weight'));
        const [keys, values] = split(g, linear(g, normed, block, 'crossattn.kv'), 2, 2) as [Value, Value];
        g.output(`keys.${i}`, headsFirst(g, rotate(g, keys, rotary, heads)));
        g.output(`values.${i}`, headsFirst(g, splitHeads(g, values, heads)));
      });
    }
  });
  return g.build();
}

function rotaryInputs(g: GraphBuilder, { flow }: FlowArConfig): Rotary {
  const half = flow.width / flow.heads / 2;
  return { cos: g.input('cos', 'float32', ['L', half]), sin: g.input('sin', 'float32', ['L', half]) };
}

/**
 * `x` (B, L, Z) at a time → `velocity` (B, L, Z), noise less data.
 *
 * Other inputs: `time` (1, 1, W), `condition`, `cos`, `sin`, and with cross-attention `modulation` (blocks, 3, W), `keys.i` and
 * `values.i`.
 */
export function buildVelocity(target: Target, { index, config }: FlowArWeights): OnnxModel {
  const g = new GraphBuilder('flowar/velocity', target);
  const { width: W, blocks, crossAttention } = config.flow;
  const x = g.input('x', 'float32', ['B', 'L', config.channels]);
  const time = g.input('time', 'float32', [1, 1, W]);
  const condition = g.input('condition', 'float32', ['B', 'L', W]);
  const rotary = rotaryInputs(g, config);
  const modulation = crossAttention ? g.input('modulation', 'float32', [blocks, TIME_MODULATIONS, W]) : undefined;
  const velocity = new GraphWeights(g, index).under('flownet', (weights) => {
    const activated = silu(g, add(g, condition, time));
    let h = linear(g, x, weights, 'input_proj');
    for (let i = 0; i < blocks; i++) {
      h = weights.under(`res_blocks.${i}`, (block) =>
        modulation
          ? crossBlock(g, h, { activated, rotary, modulation }, block, config, i)
          : plainBlock(g, h, { activated, rotary }, block, config),
      );
    }
    return weights.under('final_layer', (last) => finalLayer(g, h, activated, last));
  });
  g.output('velocity', velocity);
  return g.build();
}

interface BlockInputs {
  /** SiLU(time + condition), (B, L, W) */
  readonly activated: Value;
  readonly rotary: Rotary;
}

/** Modulated token by token: self-attention, then the MLP (S). */
function plainBlock(
  g: GraphBuilder,
  x: Value,
  inputs: BlockInputs,
  weights: GraphWeights,
  { flow }: FlowArConfig,
): Value {
  const vectors = split(g, linear(g, inputs.activated, weights, 'ada_lin'), 6, 2) as [
    Value,
    Value,
    Value,
    Value,
    Value,
    Value,
  ];
  const [gamma1, gamma2, scale1, scale2, shift1, shift2] = vectors; // (B, L, W) each
  const attended = selfAttention(g, modulate(g, x, plusOne(g, scale1), shift1), inputs.rotary, weights, flow.heads);
  const middle = add(g, x, mul(g, attended, gamma1));
  const fed = weights.under('mlp', (mlp) => gatedMlp(g, modulate(g, middle, plusOne(g, scale2), shift2), mlp));
  return add(g, middle, mul(g, fed, gamma2));
}

/** Self-attention modulated by time alone, cross-attention to the transformer's output, then the MLP (L, H). */
function crossBlock(
  g: GraphBuilder,
  x: Value,
  { activated, rotary, modulation }: BlockInputs & { modulation: Value },
  weights: GraphWeights,
  { flow }: FlowArConfig,
  i: number,
): Value {
  const { width: W, heads } = flow;
  const own = reshape(g, slice(g, modulation, 0, i, i + 1), 1, TIME_MODULATIONS, W);
  const [gamma1, gain1, shift1] = split(g, own, TIME_MODULATIONS, 1) as [Value, Value, Value]; // (1, 1, W) each
  const attended = selfAttention(g, modulate(g, x, gain1, shift1), rotary, weights, heads);
  let h = add(g, x, mul(g, attended, gamma1));
  h = add(g, h, crossAttention(g, rmsNorm(g, h, weights.float('norm2_1.weight')), rotary, weights, flow, i));
  const vectors = split(g, linear(g, activated, weights, 'ada_lin_mlp'), 3, 2) as [Value, Value, Value];
  const [gamma2, scale2, shift2] = vectors; // (B, L, W) each
  const fed = weights.under('mlp', (mlp) => gatedMlp(g, modulate(g, h, plusOne(g, scale2), shift2), mlp));
  return add(g, h, mul(g, fed, gamma2));
}

/** Among the tokens of the scale. */
function selfAttention(g: GraphBuilder, x: Value, rotary: Rotary, weights: GraphWeights, heads: number): Value {
  return weights.under('attn', (attn) => {
    const [q, k, v] = split(g, linear(g, x, attn, 'qkv'), 3, 2) as [Value, Value, Value];
    const [queries, keys] = [rotate(g, q, rotary, heads), rotate(g, k, rotary, heads)];
    const values = splitHeads(g, v, heads);
    const size = queries.shape[3] as number;
    const all = { keys: headsFirst(g, keys), values: headsFirst(g, values) };
    return linear(g, attend(g, queries, all, size ** -0.5), attn, 'proj');
  });
}

/** To keys and values that were computed from the transformer's output. */
function crossAttention(
  g: GraphBuilder,
  x: Value,
  rotary: Rotary,
  weights: GraphWeights,
  { width, heads }: FlowArConfig['flow'],
  i: number,
): Value {
  return weights.under('crossattn', (cross) => {
    const queries = rotate(g, linear(g, x, cross, 'q'), rotary, heads);
    const shape: Dim[] = ['B', heads, 'L', width / heads];
    const keys = g.input(`keys.${i}`, 'float32', shape);
    const values = g.input(`values.${i}`, 'float32', shape);
    return linear(g, attend(g, queries, { keys, values }, (width / heads) ** -0.5), cross, 'proj');
  });
}

/** The order is shift, scale here. */
function finalLayer(g: GraphBuilder, x: Value, activated: Value, weights: GraphWeights): Value {
  const [shift, scale] = split(g, linear(g, activated, weights, 'adaLN_modulation.1'), 2, 2) as [Value, Value];
  return linear(g, modulate(g, x, plusOne(g, scale), shift), weights, 'linear');
}

function plusOne(g: GraphBuilder, x: Value): Value {
  return add(g, x, g.floats([1]));
}
