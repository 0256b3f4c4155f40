/**
 * VAR's transformer as three graphs: the condition (once a picture), the embedding of a scale's input, and the blocks.
 * Source: VAR paper §3.2 and appendix; FoundationVision/VAR `models/var.py`, `models/basic_var.py` (commit 78b9539).
 *
 * Letters: N pictures, B = 2N rows (the conditional ones first, then as many unconditional), U different classes of the rows,
 * L tokens of the scale, C width, H heads, d channels of a head, V vocabulary, Z channels of a code.
 */
import { GraphBuilder, type Target, type Value } from '../graph/graph-builder.ts';
import type { OnnxModel } from '../graph/onnx-model.ts';
import {
  add,
  atMost,
  concat,
  exp,
  gather,
  geluTanh,
  layerNorm,
  mul,
  reshape,
  sigmoid,
  slice,
  split,
} from '../graph/ops.ts';
import { attend, joinCache, l2Normalize, scaleHeads, splitHeads, tokensFirst } from '../layers/attention.ts';
import { GraphWeights } from '../layers/graph-weights.ts';
import { linear, mlp } from '../layers/linear.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import type { VarConfig } from './config.ts';

/** A transformer's checkpoint and what it is. */
export interface VarWeights {
  readonly index: TensorIndex;
  readonly config: VarConfig;
}

const NORM_EPSILON = 1e-6;
/** Upper bound of the learned attention scale: exp of it is 100. */
const MAX_LOG_SCALE = Math.log(100);
/** Softmax factor of checkpoints without L2 normalisation, times 1/√64. */
const LEGACY_ATTENTION_FACTOR = 0.25;

/**
 * All that depends on the class alone.
 *
 * Input: `labels` (U). Outputs: `first` (U, 1, C), the input of scale 0; `modulation` (depth, U, 6, C) in the order
 * γ1, γ2, 1 + scale1, 1 + scale2, shift1, shift2; `headModulation` (U, 2, C): 1 + scale, shift.
 */
export function buildCondition(target: Target, { index, config }: VarWeights): OnnxModel {
  const g = new GraphBuilder('var/condition', target);
  const weights = new GraphWeights(g, index);
  const { width: C } = config;
  const labels = g.input('labels', 'int64', ['U']);
  const condition = gather(g, weights.float('class_emb.weight'), labels); // (U, C)
  const activated = mul(g, condition, sigmoid(g, condition));

  const start = add(g, weights.float('pos_start'), slice(g, positions(g, weights), 1, 0, 1)); // (1, 1, C)
  g.output('first', add(g, reshape(g, condition, 'U', 1, C), start));
  const ones = [0, 0, 1, 1, 0, 0].flatMap((one) => new Array<number>(C).fill(one));
  const unit = g.floats(ones, 1, 1, 6, C);
  g.output('modulation', add(g, blockModulation(g, activated, weights, config), unit));
  const head = linear(g, activated, weights, 'head_nm.ada_lin.1');
  const headUnit = g.floats(
    [1, 0].flatMap((one) => new Array<number>(C).fill(one)),
    1,
    2,
    C,
  );
  g.output('headModulation', add(g, reshape(g, head, 'U', 2, C), headUnit));
  return g.build();
}

/** (depth, U, 6, C) */
function blockModulation(g: GraphBuilder, activated: Value, weights: GraphWeights, config: VarConfig): Value {
  const { width: C, depth } = config;
  const shared = config.sharedAdaLn
    ? reshape(g, linear(g, activated, weights, 'shared_ada_lin.1'), 1, 'U', 6, C)
    : undefined;
  const blocks = Array.from({ length: depth }, (_, i) =>
    weights.under(`blocks.${i}`, (block) =>
      shared
        ? add(g, shared, block.float('ada_gss'))
        : reshape(g, linear(g, activated, block, 'ada_lin.1'), 1, 'U', 6, C),
    ),
  );
  return concat(g, blocks, 0);
}

/** Position and level embedding of every token, (1, tokens, C). */
function positions(g: GraphBuilder, weights: GraphWeights): Value {
  return add(g, gather(g, weights.float('lvl_embed.weight'), weights.stored('lvl_1L')), weights.float('pos_1LC'));
}

/**
 * The input of a scale from the latents so far.
 *
 * Inputs: `latents` (N, L, Z), f_hat of each picture at the scale's size; `range` (L), the scale's token positions. Output:
 * `x` (B, L, C).
 */
export function buildEmbedding(target: Target, { index, config }: VarWeights): OnnxModel {
  const g = new GraphBuilder('var/embedding', target);
  const weights = new GraphWeights(g, index);
  const latents = g.input('latents', 'float32', ['N', 'L', config.latentChannels]);
  const range = g.input('range', 'int64', ['L']);
  const table = reshape(g, positions(g, weights), config.tokens, config.width);
  const embedded = add(g, linear(g, latents, weights, 'word_embed'), gather(g, table, range)); // (N, L, C)
  g.output('x', concat(g, [embedded, embedded], 0, 'B'));
  return g.build();
}

export interface BlocksOptions {
  /** Adds the outputs `block.i` (B, L, C), the residual stream after each block. */
  readonly blockOutputs?: boolean;
}

/**
 * All blocks and the head, for the tokens of one scale.
 *
 * Inputs: `x` (B, L, C); `classOf` (B), each row's place among the classes; `modulation`, `headModulation`; and for each block
 * `keys.i`, `values.i` (past, B, H, d). Outputs: `logits` (B, L, V), and `keys.i:new`, `values.i:new` (L, B, H, d).
 *
 * Rows are computed alike: a picture's numbers do not depend on how many others there are beside it, except with 8-bit weights,
 * whose inputs are rounded by the largest of all rows.
 */
export function buildBlocks(target: Target, { index, config }: VarWeights, options: BlocksOptions = {}): OnnxModel {
  const g = new GraphBuilder('var/blocks', target);
  const weights = new GraphWeights(g, index);
  const { width: C, depth } = config;
  const classOf = g.input('classOf', 'int64', ['B']);
  const modulation = g.input('modulation', 'float32', [depth, 'U', 6, C]);
  const headModulation = g.input('headModulation', 'float32', ['U', 2, C]);
  let x = g.input('x', 'float32', ['B', 'L', C]);
  for (let i = 0; i < depth; i++) {
    const ofBlock = reshape(g, slice(g, modulation, 0, i, i + 1), 'U', 6, C);
    const vectors = split(g, gather(g, ofBlock, classOf), 6, 1); // 6 × (B, 1, C)
    x = weights.under(`blocks.${i}`, (block) => transformerBlock(g, x, vectors, block, config, i));
    if (options.blockOutputs) g.output(`block.${i}`, x);
  }
  const [gain, shift] = split(g, gather(g, headModulation, classOf), 2, 1) as [Value, Value];
  g.output('logits', linear(g, modulate(g, x, gain, shift), weights, 'head'));
  return g.build();
}

/** x + γ1·Attn(…), then x + γ2·FFN(…). */
function transformerBlock(
  g: GraphBuilder,
  x: Value,
  vectors: readonly Value[],
  weights: GraphWeights,
  config: VarConfig,
  i: number,
): Value {
  const [gamma1, gamma2, gain1, gain2, shift1, shift2] = vectors as [Value, Value, Value, Value, Value, Value];
  const attended = weights.under('attn', (attn) => attention(g, modulate(g, x, gain1, shift1), attn, config, i));
  const middle = add(g, x, mul(g, attended, gamma1));
  const fed = weights.under('ffn', (ffn) => feedForward(g, modulate(g, middle, gain2, shift2), ffn));
  return add(g, middle, mul(g, fed, gamma2));
}

/** LN(x)·gain + shift, where gain is 1 + scale. */
function modulate(g: GraphBuilder, x: Value, gain: Value, shift: Value): Value {
  return add(g, mul(g, layerNorm(g, x, NORM_EPSILON), gain), shift);
}

function attention(g: GraphBuilder, x: Value, weights: GraphWeights, config: VarConfig, i: number): Value {
  const { heads, width } = config;
  const bias = concat(g, [weights.float('q_bias'), weights.float('zero_k_bias'), weights.float('v_bias')], 0);
  const qkv = linear(g, x, weights, 'mat_qkv', bias); // (B, L, 3C)
  let [q, k, v] = split(g, qkv, 3, 2).map((part) => splitHeads(g, part, heads)) as [Value, Value, Value]; // (B, L, H, d)
  if (config.normalizedAttention) {
    const headScales = exp(g, atMost(g, weights.float('scale_mul_1H11'), MAX_LOG_SCALE));
    q = scaleHeads(g, l2Normalize(g, q), headScales);
    k = l2Normalize(g, k);
  }
  const cached = (name: string, current: Value) => {
    const added = tokensFirst(g, current);
    g.output(`${name}:new`, added);
    return joinCache(g, g.input(name, 'float32', ['past', 'B', heads, width / heads]), added);
  };
  const seen = { keys: cached(`keys.${i}`, k), values: cached(`values.${i}`, v) };
  const factor = config.normalizedAttention ? 1 : LEGACY_ATTENTION_FACTOR / Math.sqrt(width / heads);
  return linear(g, attend(g, q, seen, factor), weights, 'proj');
}

function feedForward(g: GraphBuilder, x: Value, weights: GraphWeights): Value {
  return mlp(g, x, weights, { first: 'fc1', second: 'fc2', activation: geluTanh });
}
