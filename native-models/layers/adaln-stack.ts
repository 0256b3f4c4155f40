/**
 * The transformer of FlowAR and xAR: an encoder and a decoder of equal blocks with adaptive normalisation, rotary positions and
 * a cache of keys and values.
 * Source: `models/flowar.py` (wangqiang9/FlowAR 5745a96), `models/xar.py` (OliverRensu/xAR 121e9c9).
 *
 * Letters: B rows (conditional first, then unconditional), L tokens, D width, H heads, d = D/H.
 */
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { add, concat, gather, mul, reshape, slice, split } from '../graph/ops.ts';
import { type Dim, staticDim } from '../graph/shapes.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import { appendToCache, attend, headsFirst, splitHeads } from './attention.ts';
import type { GraphWeights } from './graph-weights.ts';
import { gatedMlp, linear } from './linear.ts';
import { rmsNorm } from './rms-norm.ts';
import { type Rotary, rotate } from './rotary.ts';

export interface StackConfig {
  readonly encoderBlocks: number;
  readonly decoderBlocks: number;
  /** D */
  readonly width: number;
  /** H */
  readonly heads: number;
  /** Hidden numbers of the gated MLP. */
  readonly mlpWidth: number;
  /** Tokens that have a learned position. */
  readonly positions: number;
}

/** Numbers of the modulation of a block: γ1, γ2, scale1, scale2, shift1, shift2. */
export const MODULATIONS = 6;

/** Reads the configuration, or returns undefined when the tensors are not those of such a transformer. */
export function detectStack(index: TensorIndex): StackConfig | undefined {
  const shape = (key: string) => index.entries.get(key)?.shape ?? [];
  const count = (side: string) => {
    let blocks = 0;
    while (index.entries.has(`${side}_blocks.${blocks}.attn.qkv.weight`)) blocks++;
    return blocks;
  };
  const [, positions = 0, width = 0] = shape('encoder_pos_embed_learned');
  const [quarter = 0] = shape('encoder_blocks.0.attn.rope.freqs');
  const [mlpWidth = 0] = shape('encoder_blocks.0.mlp.fc1_g.weight');
  const [encoderBlocks, decoderBlocks] = [count('encoder'), count('decoder')];
  const sizes = [positions, width, quarter, mlpWidth, encoderBlocks, decoderBlocks];
  if (sizes.includes(0)) return undefined;
  return { encoderBlocks, decoderBlocks, width, heads: width / (4 * quarter), mlpWidth, positions };
}

/** Every key of the stack that the graphs use, with its shape. */
export function stackTensors(config: StackConfig): Map<string, readonly number[]> {
  const { width: D, mlpWidth, positions } = config;
  const shapes = new Map<string, readonly number[]>();
  const layer = (name: string, outputs: number, inputs: number) => {
    shapes.set(`${name}.weight`, [outputs, inputs]).set(`${name}.bias`, [outputs]);
  };
  for (const side of ['encoder', 'decoder']) {
    shapes.set(`${side}_pos_embed_learned`, [1, positions, D]).set(`${side}_norm.weight`, [D]);
  }
  shapes.set('z_proj_ln.weight', [D]);
  layer('decoder_embed', D, D);
  for (const name of blockNames(config)) {
    layer(`${name}.attn.qkv`, 3 * D, D);
    layer(`${name}.attn.proj`, D, D);
    layer(`${name}.mlp.fc1_g`, mlpWidth, D);
    layer(`${name}.mlp.fc1_x`, mlpWidth, D);
    layer(`${name}.mlp.fc2`, D, mlpWidth);
    layer(`${name}.ada_lin.1`, MODULATIONS * D, D);
  }
  return shapes;
}

/** Encoder first. */
export function blockNames({ encoderBlocks, decoderBlocks }: StackConfig): string[] {
  const names = (side: string, count: number) => Array.from({ length: count }, (_, i) => `${side}_blocks.${i}`);
  return [...names('encoder', encoderBlocks), ...names('decoder', decoderBlocks)];
}

/**
 * The modulation of all blocks from the activated condition, (B, D) → (blocks, B, 6, D), with 1 added to the scales.
 */
export function stackModulation(g: GraphBuilder, activated: Value, weights: GraphWeights, config: StackConfig): Value {
  const { width: D } = config;
  const rows = activated.shape[0] as Dim;
  const blocks = blockNames(config).map((name) =>
    weights.under(name, (block) => reshape(g, linear(g, activated, block, 'ada_lin.1'), 1, rows, MODULATIONS, D)),
  );
  const ones = [0, 0, 1, 1, 0, 0].flatMap((one) => new Array<number>(D).fill(one));
  return add(g, concat(g, blocks, 0), g.floats(ones, 1, 1, MODULATIONS, D));
}

export interface StackInputs {
  /** (B, L, D), before positions. */
  readonly x: Value;
  /** (L): which learned positions the tokens have. */
  readonly range: Value;
  /** (blocks, B, 6, D) */
  readonly modulation: Value;
  readonly rotary: Rotary;
}

/**
 * All blocks for L tokens: (B, L, D) after `decoder_norm`.
 *
 * For each block i there are inputs `keys.i`, `values.i` (B, H, past, d), and outputs `keys.i:next`, `values.i:next`
 * (B, H, past + L, d).
 */
export function adaLnStack(g: GraphBuilder, inputs: StackInputs, weights: GraphWeights, config: StackConfig): Value {
  const { encoderBlocks } = config;
  const placed = add(g, inputs.x, positionsOf(g, weights, 'encoder_pos_embed_learned', inputs.range));
  let h = rmsNorm(g, placed, weights.float('z_proj_ln.weight'));
  for (const [i, name] of blockNames(config).entries()) {
    if (i === encoderBlocks) h = enterDecoder(g, h, inputs.range, weights);
    h = weights.under(name, (block) => adaLnBlock(g, h, inputs, block, config, i));
  }
  return rmsNorm(g, h, weights.float('decoder_norm.weight'));
}

function enterDecoder(g: GraphBuilder, x: Value, range: Value, weights: GraphWeights): Value {
  const encoded = rmsNorm(g, x, weights.float('encoder_norm.weight'));
  const embedded = linear(g, encoded, weights, 'decoder_embed');
  return add(g, embedded, positionsOf(g, weights, 'decoder_pos_embed_learned', range));
}

/** Rows of a table of learned positions, (1, positions, D) → (L, D). */
export function positionsOf(g: GraphBuilder, weights: GraphWeights, key: string, range: Value): Value {
  const table = weights.float(key);
  const [, positions, width] = table.shape.map(staticDim) as [number, number, number];
  return gather(g, reshape(g, table, positions, width), range);
}

/** x + γ1·Attn(…), then x + γ2·MLP(…). */
function adaLnBlock(
  g: GraphBuilder,
  x: Value,
  { modulation, rotary }: StackInputs,
  weights: GraphWeights,
  config: StackConfig,
  i: number,
): Value {
  const rows = x.shape[0] as Dim;
  const own = reshape(g, slice(g, modulation, 0, i, i + 1), rows, MODULATIONS, config.width);
  const vectors = split(g, own, MODULATIONS, 1) as [Value, Value, Value, Value, Value, Value]; // 6 × (B, 1, D)
  const [gamma1, gamma2, gain1, gain2, shift1, shift2] = vectors;
  const attended = weights.under('attn', (attn) =>
    cachedAttention(g, modulate(g, x, gain1, shift1), rotary, attn, config, i),
  );
  const middle = add(g, x, mul(g, attended, gamma1));
  const fed = weights.under('mlp', (mlp) => gatedMlp(g, modulate(g, middle, gain2, shift2), mlp));
  return add(g, middle, mul(g, fed, gamma2));
}

/** RMS(x)·gain + shift, where gain is 1 + scale. */
export function modulate(g: GraphBuilder, x: Value, gain: Value, shift: Value): Value {
  return add(g, mul(g, rmsNorm(g, x), gain), shift);
}

/** Keys are turned before they are kept. */
function cachedAttention(
  g: GraphBuilder,
  x: Value,
  rotary: Rotary,
  weights: GraphWeights,
  { heads, width }: StackConfig,
  i: number,
): Value {
  const [q, k, v] = split(g, linear(g, x, weights, 'qkv'), 3, 2) as [Value, Value, Value]; // (B, L, D) each
  const cacheShape = [x.shape[0] as Dim, heads, 'past', width / heads];
  const past = {
    keys: g.input(`keys.${i}`, 'float32', cacheShape),
    values: g.input(`values.${i}`, 'float32', cacheShape),
  };
  const current = {
    keys: headsFirst(g, rotate(g, k, rotary, heads)),
    values: headsFirst(g, splitHeads(g, v, heads)),
  };
  const all = appendToCache(g, past, current);
  g.output(`keys.${i}:next`, all.keys);
  g.output(`values.${i}:next`, all.values);
  return linear(g, attend(g, rotate(g, q, rotary, heads), all, (width / heads) ** -0.5), weights, 'proj');
}
