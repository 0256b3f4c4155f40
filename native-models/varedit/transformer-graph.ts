/**
 * Infinity's transformer as three graphs: the words (once a picture), the embedding of a scale's input, and the blocks.
 * Source: Infinity (Han et al., arXiv 2412.04431) §3; FoundationVision/Infinity `infinity/models/infinity.py`,
 * `infinity/models/basic.py` (commit 4c27bbb); for the source of an edit, VAREdit (Mao et al., arXiv 2508.15772) §3;
 * HiDream-ai/VAREdit, same files (commit 2ca737c).
 *
 * Letters: B rows (the conditional one, with guidance the unconditional one too), L tokens of the scale, n words, C width, H heads,
 * d channels of a head, F channels of the text encoder.
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
  matmul,
  mul,
  reshape,
  scale,
  silu,
  slice,
  softmax,
  split,
  transpose,
} from '../graph/ops.ts';
import {
  attendMany,
  headsFirst,
  joinHeads,
  joinManyTokens,
  type KeyValues,
  l2Normalize,
  scaleHeads,
  splitHeads,
  tokensFirst,
} from '../layers/attention.ts';
import { GraphWeights } from '../layers/graph-weights.ts';
import { affineLayerNorm } from '../layers/layer-norm.ts';
import { linear, mlp } from '../layers/linear.ts';
import { rmsNorm } from '../layers/rms-norm.ts';
import { type Rotary, rotate } from '../layers/rotary.ts';
import { blockName, type TransformerConfig, type TransformerWeights } from './config.ts';

const NORM_EPSILON = 1e-6;
/** Upper bound of the learned attention scale: exp of it is 100. */
const MAX_LOG_SCALE = Math.log(100);
/** γ1, γ2, 1 + scale1, 1 + scale2, shift1, shift2 */
const MODULATIONS = 6;
const MODULATION_UNITS = [0, 0, 1, 1, 0, 0];

/**
 * All that depends on the words alone.
 *
 * Input: `features` (B, n, F). Outputs: `words` (B, n, C), what the blocks look at; `first` (B, 1, C), the input of scale 0;
 * `modulation` (depth, B, 6, C); `headModulation` (B, 2, C): 1 + scale, shift.
 */
export function buildCondition(target: Target, { index, config }: TransformerWeights): OnnxModel {
  const g = new GraphBuilder('infinity/condition', target);
  const weights = new GraphWeights(g, index);
  const { width: C, text } = config;
  const features = g.input('features', 'float32', ['B', 'n', text.channels]);
  const normed = rmsNorm(g, features, weights.float('text_norm.weight'), NORM_EPSILON);
  const names = { first: 'text_proj_for_ca.0', second: 'text_proj_for_ca.2', activation: geluTanh };
  g.output('words', mlp(g, normed, weights, names));

  const condition = weights.under('text_proj_for_sos.ca', (pool) => poolWords(g, normed, pool, config)); // (B, C)
  const level = reshape(g, slice(g, weights.float('lvl_embed.weight'), 0, 0, 1), 1, 1, C);
  const start = add(g, weights.float('pos_start'), level);
  g.output('first', add(g, reshape(g, condition, 'B', 1, C), start));

  const activated = silu(g, condition);
  const shared = reshape(g, linear(g, activated, weights, 'shared_ada_lin.1'), 1, 'B', MODULATIONS, C);
  const own = Array.from({ length: config.depth }, (_, i) =>
    weights.float(`${blockName(i, config.blocksPerChunk)}.ada_gss`),
  );
  const units = g.floats(repeated(MODULATION_UNITS, C), 1, 1, MODULATIONS, C);
  g.output('modulation', add(g, add(g, concat(g, own, 0), units), shared));
  const head = reshape(g, linear(g, activated, weights, 'head_nm.ada_lin.1'), 'B', 2, C);
  g.output('headModulation', add(g, head, g.floats(repeated([1, 0], C), 1, 2, C)));
  return g.build();
}

/** Each number `times` times. */
function repeated(values: readonly number[], times: number): number[] {
  return values.flatMap((value) => new Array<number>(times).fill(value));
}

/** One vector of all words, by attention with a learned query: (B, n, F) → (B, C) */
function poolWords(g: GraphBuilder, words: Value, weights: GraphWeights, { width: C, text }: TransformerConfig): Value {
  const { poolHeads: heads } = text;
  const size = C / heads;
  const parts = keysAndValues(g, words, weights);
  const [keys, values] = [parts.keys, parts.values].map((part) => headsFirst(g, splitHeads(g, part, heads))) as [
    Value,
    Value,
  ];
  const query = reshape(g, weights.float('mat_q'), 1, heads, 1, size);
  const scores = scale(g, matmul(g, query, transpose(g, keys, 0, 1, 3, 2)), size ** -0.5); // (B, heads, 1, n)
  const pooled = matmul(g, softmax(g, scores), values); // (B, heads, 1, size)
  return linear(g, reshape(g, pooled, 'B', C), weights, 'proj');
}

/** Keys and values of words, (B, n, C) each. */
function keysAndValues(g: GraphBuilder, words: Value, weights: GraphWeights): KeyValues {
  const bias = concat(g, [weights.float('zero_k_bias'), weights.float('v_bias')], 0);
  const [keys, values] = split(g, linear(g, words, weights, 'mat_kv', bias), 2, 2) as [Value, Value];
  return { keys, values };
}

/**
 * The input of a scale, or the source of an edit.
 *
 * Inputs: `tokens` (1, L, bits); `level` (1) int64. Output: `x` (1, L, C).
 */
export function buildEmbedding(target: Target, { index, config }: TransformerWeights): OnnxModel {
  const g = new GraphBuilder('infinity/embedding', target);
  const weights = new GraphWeights(g, index);
  const tokens = g.input('tokens', 'float32', [1, 'L', config.bits]);
  const level = gather(g, weights.float('lvl_embed.weight'), g.input('level', 'int64', [1])); // (1, C)
  g.output('x', add(g, linear(g, tokens, weights, 'word_embed'), reshape(g, level, 1, 1, config.width)));
  return g.build();
}

export interface BlocksOptions {
  /** Gives the first block the inputs `reference.keys` and `reference.values` (reference, B, H, d), what it knows of the source. */
  readonly reference: boolean;
  /** Adds the outputs `block.i` (B, L, C), the residual stream after each block. */
  readonly blockOutputs?: boolean | undefined;
}

/** Inputs that all blocks share. */
interface Shared {
  readonly config: TransformerConfig;
  readonly words: Value;
  readonly modulation: Value;
  readonly rotary: Rotary;
  /** Before the first block's own keys and values. */
  readonly reference: { readonly keys: Value; readonly values: Value } | undefined;
}

/**
 * All blocks and the head, for the tokens of one scale or of a source.
 *
 * Inputs: `x` (B, L, C); `cos`, `sin` (L, d/2), the tokens' positions; `words`, `modulation`, `headModulation`; and for each block
 * `keys.i`, `values.i` (past, B, H, d). Outputs: `logits` (B, L, 2·bits), and `keys.i:new`, `values.i:new` (L, B, H, d).
 */
export function buildBlocks(
  target: Target,
  { index, config }: TransformerWeights,
  { reference, blockOutputs = false }: BlocksOptions,
): OnnxModel {
  const g = new GraphBuilder('infinity/blocks', target);
  const weights = new GraphWeights(g, index);
  const { width: C, depth, heads, blocksPerChunk } = config;
  const size = C / heads;
  const table = (name: string) => g.input(name, 'float32', ['L', size / 2]);
  const ofReference = (name: string) => g.input(`reference.${name}`, 'float32', ['reference', 'B', heads, size]);
  const shared: Shared = {
    config,
    words: g.input('words', 'float32', ['B', 'n', C]),
    modulation: g.input('modulation', 'float32', [depth, 'B', MODULATIONS, C]),
    rotary: { cos: table('cos'), sin: table('sin') },
    reference: reference ? { keys: ofReference('keys'), values: ofReference('values') } : undefined,
  };
  const headModulation = g.input('headModulation', 'float32', ['B', 2, C]);
  let x = g.input('x', 'float32', ['B', 'L', C]);
  for (let i = 0; i < depth; i++) {
    x = weights.under(blockName(i, blocksPerChunk), (block) => transformerBlock(g, x, block, shared, i));
    if (blockOutputs) g.output(`block.${i}`, x);
  }
  const [gain, shift] = split(g, headModulation, 2, 1) as [Value, Value];
  g.output('logits', linear(g, modulate(g, x, gain, shift), weights, 'head'));
  return g.build();
}

/** x + γ1·Attn(…), then x + Cross(LN(x), words), then x + γ2·FFN(…). */
function transformerBlock(g: GraphBuilder, x: Value, weights: GraphWeights, shared: Shared, i: number): Value {
  const { config, modulation } = shared;
  const own = reshape(g, slice(g, modulation, 0, i, i + 1), 'B', MODULATIONS, config.width);
  const vectors = split(g, own, MODULATIONS, 1) as [Value, Value, Value, Value, Value, Value]; // 6 × (B, 1, C)
  const [gamma1, gamma2, gain1, gain2, shift1, shift2] = vectors;
  const attended = weights.under('sa', (sa) => selfAttention(g, modulate(g, x, gain1, shift1), sa, shared, i));
  const seen = add(g, x, mul(g, attended, gamma1));
  const normed = affineLayerNorm(g, seen, weights, 'ca_norm', NORM_EPSILON);
  const told = add(
    g,
    seen,
    weights.under('ca', (ca) => crossAttention(g, normed, ca, shared)),
  );
  const fed = weights.under('ffn', (ffn) => feedForward(g, modulate(g, told, gain2, shift2), ffn));
  return add(g, told, mul(g, fed, gamma2));
}

/** LN(x)·gain + shift, where gain is 1 + scale. */
function modulate(g: GraphBuilder, x: Value, gain: Value, shift: Value): Value {
  return add(g, mul(g, layerNorm(g, x, NORM_EPSILON), gain), shift);
}

function selfAttention(g: GraphBuilder, x: Value, weights: GraphWeights, shared: Shared, i: number): Value {
  const { heads, width } = shared.config;
  const bias = concat(g, [weights.float('q_bias'), weights.float('zero_k_bias'), weights.float('v_bias')], 0);
  const qkv = linear(g, x, weights, 'mat_qkv', bias); // (B, L, 3C)
  const [q, k, v] = split(g, qkv, 3, 2).map((part) => splitHeads(g, part, heads)) as [Value, Value, Value]; // (B, L, H, d)
  const headScales = exp(g, atMost(g, weights.float('scale_mul_1H11'), MAX_LOG_SCALE));
  const turned = (part: Value) => rotate(g, joinHeads(g, part), shared.rotary, heads);
  const queries = turned(scaleHeads(g, l2Normalize(g, q), headScales));
  const cached = (name: 'keys' | 'values', current: Value) => {
    const added = tokensFirst(g, current);
    g.output(`${name}.${i}:new`, added);
    const past = g.input(`${name}.${i}`, 'float32', [
      i === 0 ? 'past of the first' : 'past',
      'B',
      heads,
      width / heads,
    ]);
    const reference = i === 0 ? shared.reference?.[name] : undefined;
    return joinManyTokens(g, reference ? concat(g, [reference, past], 0, 'seen') : past, added);
  };
  const seen = { keys: cached('keys', turned(l2Normalize(g, k))), values: cached('values', v) };
  return linear(g, attendMany(g, queries, seen, 1), weights, 'proj');
}

function crossAttention(g: GraphBuilder, x: Value, weights: GraphWeights, { config, words }: Shared): Value {
  const { heads, width } = config;
  const queries = splitHeads(g, linear(g, x, weights, 'mat_q'), heads);
  const seen = keysAndValues(g, words, weights);
  return linear(g, attendMany(g, queries, seen, (width / heads) ** -0.5), weights, 'proj');
}

function feedForward(g: GraphBuilder, x: Value, weights: GraphWeights): Value {
  return mlp(g, x, weights, { first: 'fc1', second: 'fc2', activation: geluTanh });
}
