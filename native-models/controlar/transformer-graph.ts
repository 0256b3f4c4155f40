/**
 * LlamaGen's transformer as graphs. One graph serves the prompt and every token: both are some new tokens over a cache.
 * Source: LlamaGen paper (arXiv 2406.06525) §2.2; FoundationVision/LlamaGen `autoregressive/models/gpt.py` (commit ce98ec4);
 * for the control tokens, ControlAR paper (arXiv 2410.02705) §3.2; hustvl/ControlAR `autoregressive/models/gpt_t2i.py`
 * (commit 87e32e9).
 */
import { GraphBuilder, type Target, type Value } from '../graph/graph-builder.ts';
import type { OnnxModel } from '../graph/onnx-model.ts';
import { add, concat, gather, geluTanh, reshape, silu, slice, split, splitInto, transpose } from '../graph/ops.ts';
import { attendCached } from '../layers/cached-attention.ts';
import { fewRowsGatedMlp } from '../layers/gated-mlp.ts';
import { GraphWeights } from '../layers/graph-weights.ts';
import { fewRowsLinear, mlp } from '../layers/linear.ts';
import { rmsNorm } from '../layers/rms-norm.ts';
import { type Rotary, type RotaryTable, rotate } from '../layers/rotary.ts';
import type { TransformerConfig, TransformerWeights } from './config.ts';
import { CONTROL_LAYERS } from './state-dict.ts';

const NORM_EPSILON = 1e-5;

export interface BlocksOptions {
  /** Conditional rows, and as many unconditional ones with guidance: B. */
  readonly rows: number;
  readonly rotary: RotaryTable;
  /** Adds the outputs `block.i` (B, L, C), the residual stream after each block. */
  readonly blockOutputs?: boolean | undefined;
}

/** Inputs that all layers share. */
interface Shared {
  readonly rows: number;
  readonly config: TransformerConfig;
  readonly rotary: Rotary;
  readonly bias: Value;
  readonly sizes: Value;
}

/**
 * All blocks and the head, for L new tokens over a cache.
 *
 * Inputs: `x` (B, L, C); `cells` (L) int64, the row of the rotary table for each token; `bias` (L, capacity + L), 0 where a token sees and −∞ where it does not;
 * `sizes` (2) int64, capacity and L; `wanted` (1) int64, the token whose logits are wanted; for each layer `keys.i`, `values.i`
 * (B·H, capacity, d); with control, `control` (3, B, L, C), added to the input of layers 0, a third and two thirds.
 * Outputs: `logits` (B, V); `cache` (2·layers, B·H, L, d), the new keys and values of each layer.
 */
export function buildBlocks(
  target: Target,
  { index, config }: TransformerWeights,
  { rows, rotary, blockOutputs = false }: BlocksOptions,
): OnnxModel {
  const g = new GraphBuilder('llamagen/blocks', target);
  const weights = new GraphWeights(g, index);
  const { width: C, layers } = config;
  const input = g.input('x', 'float32', [rows, 'L', C]);
  const shared: Shared = {
    rows,
    config,
    rotary: rotaryOf(g, rotary, C / config.heads, g.input('cells', 'int64', ['L'])),
    bias: g.input('bias', 'float32', ['L', 'total']),
    sizes: g.input('sizes', 'int64', [2]),
  };
  const wanted = g.input('wanted', 'int64', [1]);
  const control = config.control && g.input('control', 'float32', [CONTROL_LAYERS, rows, 'L', C]);
  let x = reshape(g, input, `${rows}·L`, C);
  const fresh: Value[] = [];
  for (let i = 0; i < layers; i++) {
    if (control) x = addControl(g, x, control, controlOfLayer(i, layers));
    x = weights.under(`layers.${i}`, (layer) => block(g, x, layer, shared, i, fresh));
    if (blockOutputs) g.output(`block.${i}`, reshape(g, x, rows, 'L', C));
  }
  g.output('cache', concat(g, fresh, 0));
  const last = lastToken(g, reshape(g, x, rows, 'L', C), wanted);
  g.output('logits', fewRowsLinear(g, rmsNorm(g, last, weights.float('norm.weight'), NORM_EPSILON), weights, 'output'));
  return g.build();
}

/** The tokens' rows of the table. */
function rotaryOf(g: GraphBuilder, { cos, sin }: RotaryTable, headSize: number, cells: Value): Rotary {
  const rows = (values: Float32Array) =>
    gather(g, g.floats(values, values.length / (headSize / 2), headSize / 2), cells);
  return { cos: rows(cos), sin: rows(sin) };
}

/** Which of the three control tokens a layer takes; undefined for the layers between. */
function controlOfLayer(layer: number, layers: number): number | undefined {
  const third = Math.floor(layers / CONTROL_LAYERS);
  const k = layer / third;
  return Number.isInteger(k) && k < CONTROL_LAYERS ? k : undefined;
}

function addControl(g: GraphBuilder, x: Value, control: Value, k: number | undefined): Value {
  if (k === undefined) return x;
  const tokens = slice(g, control, 0, k, k + 1); // (1, B, L, C)
  return add(g, x, reshape(g, tokens, ...x.shape));
}

/** (B, L, C) → (B, C) */
function lastToken(g: GraphBuilder, x: Value, wanted: Value): Value {
  const [rows, , width] = x.shape as [number, string, number];
  const picked = g.node('Gather', [x, wanted], { type: x.type, shape: [rows, 1, width] }, { attributes: { axis: 1 } });
  return reshape(g, picked, rows, width);
}

/** x + Attn(RMS(x)), then x + FFN(RMS(x)). (B·L, C) → (B·L, C) */
function block(g: GraphBuilder, x: Value, layer: GraphWeights, shared: Shared, i: number, fresh: Value[]): Value {
  const normed = rmsNorm(g, x, layer.float('attention_norm.weight'), NORM_EPSILON);
  const middle = add(
    g,
    x,
    layer.under('attention', (weights) => attention(g, normed, weights, shared, i, fresh)),
  );
  const fed = rmsNorm(g, middle, layer.float('ffn_norm.weight'), NORM_EPSILON);
  const names = { gate: 'w1', up: 'w3', down: 'w2', activation: silu };
  return add(
    g,
    middle,
    layer.under('feed_forward', (weights) => fewRowsGatedMlp(g, fed, weights, names)),
  );
}

/** The new keys and values, (1, B·H, L, d) each, are put into `fresh`. */
function attention(
  g: GraphBuilder,
  x: Value,
  weights: GraphWeights,
  { rows, config, rotary, bias, sizes }: Shared,
  i: number,
  fresh: Value[],
): Value {
  const { width: C, heads } = config;
  const [d, groups] = [C / heads, rows * heads];
  const qkv = reshape(g, fewRowsLinear(g, x, weights, 'wqkv'), rows, 'L', 3 * C);
  const [pairs, raw] = splitInto(g, qkv, [2 * C, C], g.integers([2 * C, C], 2), 2) as [Value, Value];
  const turned = rotate(g, pairs, rotary, 2 * heads); // (B, L, 2·H, d)
  const [q, keys] = split(g, transpose(g, turned, 0, 2, 1, 3), 2, 1) as [Value, Value]; // (B, H, L, d)
  const values = transpose(g, reshape(g, raw, rows, 'L', heads, d), 0, 2, 1, 3);
  const current = { keys: reshape(g, keys, groups, 'L', d), values: reshape(g, values, groups, 'L', d) };
  for (const part of [current.keys, current.values]) fresh.push(reshape(g, part, 1, groups, 'L', d));
  const cache = {
    keys: g.input(`keys.${i}`, 'float32', [groups, 'capacity', d]),
    values: g.input(`values.${i}`, 'float32', [groups, 'capacity', d]),
  };
  const attended = attendCached(g, { q: reshape(g, q, groups, 'L', d), current, cache, bias, sizes });
  const joined = transpose(g, reshape(g, attended, rows, heads, 'L', d), 0, 2, 1, 3); // (B, L, H, d)
  return fewRowsLinear(g, reshape(g, joined, `${rows}·L`, C), weights, 'wo');
}

/** `labels` (B) int64 → `x` (B, 1, C); the label after the last stands for no class. */
export function buildClassCondition(target: Target, { index, config }: TransformerWeights, rows: number): OnnxModel {
  const g = new GraphBuilder('llamagen/class', target);
  const table = new GraphWeights(g, index).float('cls_embedding.embedding_table.weight');
  g.output('x', reshape(g, gather(g, table, g.input('labels', 'int64', [rows])), rows, 1, config.width));
  return g.build();
}

/** `features` (B, L, F), of the text encoder or the unconditional ones → `x` (B, L, C) */
export function buildTextCondition(
  target: Target,
  { index }: TransformerWeights,
  rows: number,
  channels: number,
): OnnxModel {
  const g = new GraphBuilder('llamagen/text', target);
  const features = g.input('features', 'float32', [rows, 'L', channels]);
  g.output('x', mlp(g, features, new GraphWeights(g, index), { ...PROJECTION, ...prefixed('cls_embedding.cap_proj') }));
  return g.build();
}

/**
 * `features` (1, N, F) of the control encoder → `control` (3, N, C), the control tokens of the three layers.
 */
export function buildControlCondition(
  target: Target,
  { index, config }: TransformerWeights,
  channels: number,
): OnnxModel {
  const g = new GraphBuilder('controlar/control', target);
  const weights = new GraphWeights(g, index);
  const project = (x: Value, name: string) => mlp(g, x, weights, { ...PROJECTION, ...prefixed(name) });
  const features = g.input('features', 'float32', [1, 'N', channels]);
  const common = project(project(features, 'adapter_mlp'), 'condition_mlp.cap_proj');
  const tokens = Array.from({ length: CONTROL_LAYERS }, (_, k) => project(common, `condition_layers.${k}`));
  g.output('control', reshape(g, concat(g, tokens, 0), CONTROL_LAYERS, 'N', config.width));
  return g.build();
}

const PROJECTION = { activation: geluTanh };

function prefixed(name: string): { first: string; second: string } {
  return { first: `${name}.fc1`, second: `${name}.fc2` };
}
