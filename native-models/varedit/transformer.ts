/**
 * Infinity's transformer at run time: sessions, and the state of one picture in the making.
 */
import type { TokenGrid } from '../autoencoder/token-grid.ts';
import { type Schedule, tokenOffsets } from '../bsq/schedules.ts';
import { type CacheLayout, KeyValueCache } from '../layers/key-value-cache.ts';
import { type GridPosition, type RotaryTable, rotaryTable } from '../layers/rotary.ts';
import {
  type Feeds,
  type Fetches,
  float32,
  floats,
  type HostTensor,
  int64,
  type Runtime,
  type Session,
  targetOf,
} from '../runtime.ts';
import type { QuantizedPrecision } from '../weights/quantize.ts';
import { weightsInPrecision } from '../weights/weights-in-precision.ts';
import type { TransformerConfig, TransformerWeights } from './config.ts';
import { derivedTransformer } from './derived-weights.ts';
import type { Layout } from './layout.ts';
import { rotaryFrequencies } from './positions.ts';
import { areaMeans } from './source-pyramid.ts';
import { type BlocksOptions, buildBlocks, buildCondition, buildEmbedding } from './transformer-graph.ts';

export interface ScaleOutput {
  /** (B, L, 2·bits): the conditional row, then with guidance the unconditional one. */
  readonly logits: Float32Array;
  /** (1, L, C): the embedded input with its level. */
  readonly x: Float32Array;
  /** (B, L, C) after each block; only when the graph was built with `blockOutputs`. */
  readonly blocks: readonly Float32Array[];
}

interface TransformerSessions {
  readonly condition: Session;
  readonly embedding: Session;
  readonly blocks: Session;
}

export class Transformer {
  readonly config: TransformerConfig;
  readonly sessions: TransformerSessions;
  /** Whether pictures are edits of a source. */
  readonly edits: boolean;
  /** Names of the residual streams that the graph gives; empty unless it was built with `blockOutputs`. */
  readonly blockOutputs: readonly string[];

  private constructor(config: TransformerConfig, sessions: TransformerSessions, options: BlocksOptions) {
    this.config = config;
    this.sessions = sessions;
    this.edits = options.reference;
    this.blockOutputs = options.blockOutputs ? Array.from({ length: config.depth }, (_, i) => `block.${i}`) : [];
  }

  static async load(checkpoint: TransformerWeights, runtime: Runtime, options: BlocksOptions): Promise<Transformer> {
    const target = targetOf(runtime);
    const { config, index } = checkpoint;
    const inFewerBits = (precision: QuantizedPrecision) => derivedTransformer(index, config, precision, runtime);
    const weights = { index: await weightsInPrecision(index, runtime, inFewerBits), config };
    const sessions = {
      condition: await runtime.createSession(buildCondition(target, weights)),
      embedding: await runtime.createSession(buildEmbedding(target, weights)),
      blocks: await runtime.createSession(buildBlocks(target, weights, options)),
    };
    return new Transformer(config, sessions, options);
  }

  /** @param features (B, n, F) of the words, with guidance those of no words after them */
  async begin(features: HostTensor, layout: Layout): Promise<TransformerState> {
    const { words, first, modulation, headModulation } = await this.sessions.condition.run({ features });
    return new TransformerState(this, layout, { words, first, modulation, headModulation } as Condition);
  }

  async dispose(): Promise<void> {
    for (const session of Object.values(this.sessions)) await session.dispose();
  }
}

/** What depends on the words alone; see `buildCondition`. */
interface Condition {
  readonly words: HostTensor;
  readonly first: HostTensor;
  readonly modulation: HostTensor;
  readonly headModulation: HostTensor;
}

/** Keys and values of the source in the first block, (tokens, B, H, d) each. */
interface Reference {
  readonly keys: Float32Array;
  readonly values: Float32Array;
}

/** One picture in the making: what its scales leave to later ones, and what is known of its source. */
export class TransformerState {
  readonly #transformer: Transformer;
  readonly #layout: Layout;
  readonly #condition: Condition;
  readonly #frequencies: Float32Array;
  /** Of the first block, which sees the source in another way. */
  readonly #first: KeyValueCache;
  readonly #others: KeyValueCache;
  #reference: Reference | undefined;
  #scale = 0;

  constructor(transformer: Transformer, layout: Layout, condition: Condition) {
    const { config } = transformer;
    this.#transformer = transformer;
    this.#layout = layout;
    this.#condition = condition;
    this.#frequencies = rotaryFrequencies(config.width / config.heads);
    const { first, others } = cacheLayouts(config, layout.schedule, layout.source?.length ?? 0);
    this.#first = new KeyValueCache(first, this.rows);
    this.#others = new KeyValueCache(others, this.rows);
  }

  /** B */
  get rows(): number {
    return this.#condition.words.shape[0] as number;
  }

  /** Takes in the source of an edit, before the first scale: (tokens, bits) of the tokenizer's encoder. */
  async takeSource(tokens: Float32Array): Promise<Pick<ScaleOutput, 'blocks'>> {
    const { blockOutputs } = this.#transformer;
    const level = this.#layout.schedule.length - 1;
    const x = this.#repeated(await this.#embed(tokens, level));
    const nothing = float32(new Float32Array(0), 0, ...this.#vectorShape);
    const positions = this.#layout.source as readonly GridPosition[];
    const wanted = [...blockOutputs, ...this.#first.outputs, ...this.#others.outputs];
    const outputs = await this.#run(x, positions, { keys: nothing, values: nothing }, wanted);
    this.#reference = { keys: floats(outputs, 'keys.0:new'), values: floats(outputs, 'values.0:new') };
    this.#others.append(outputs);
    return { blocks: blockOutputs.map((name) => floats(outputs, name)) };
  }

  /**
   * Runs the next scale.
   *
   * @param tokens (L, bits), f_hat at the scale's size; not looked at for scale 0
   */
  async step(tokens: Float32Array): Promise<ScaleOutput> {
    const { blockOutputs } = this.#transformer;
    const { schedule, positions } = this.#layout;
    const scale = this.#scale++;
    const last = scale === schedule.length - 1;
    const x = scale === 0 ? this.#condition.first : this.#repeated(await this.#embed(tokens, scale));
    const wanted = ['logits', ...blockOutputs, ...(last ? [] : [...this.#first.outputs, ...this.#others.outputs])];
    const reference = this.#referenceAt(schedule[scale] as TokenGrid);
    const outputs = await this.#run(x, positions[scale] as readonly GridPosition[], reference, wanted);
    if (!last) {
      this.#first.append(outputs);
      this.#others.append(outputs);
    }
    const embedded = (x.data as Float32Array).subarray(0, x.data.length / this.rows);
    return {
      logits: floats(outputs, 'logits'),
      x: embedded,
      blocks: blockOutputs.map((name) => floats(outputs, name)),
    };
  }

  #run(
    x: HostTensor,
    positions: readonly GridPosition[],
    reference: { keys: HostTensor; values: HostTensor } | undefined,
    wanted: readonly string[],
  ): Promise<Fetches> {
    const { words, modulation, headModulation } = this.#condition;
    const { cos, sin } = this.#rotary(positions);
    const feeds: Feeds = {
      x,
      cos,
      sin,
      words,
      modulation,
      headModulation,
      ...this.#first.feeds(),
      ...this.#others.feeds(),
      ...(reference && { 'reference.keys': reference.keys, 'reference.values': reference.values }),
    };
    return this.#transformer.sessions.blocks.run(feeds, wanted);
  }

  #rotary(positions: readonly GridPosition[]): Record<keyof RotaryTable, HostTensor> {
    const { cos, sin } = rotaryTable(positions, this.#frequencies);
    const shape = [positions.length, cos.length / positions.length];
    return { cos: float32(cos, ...shape), sin: float32(sin, ...shape) };
  }

  /** What the first block knows of the source, at a scale's size. */
  #referenceAt(grid: TokenGrid): { keys: HostTensor; values: HostTensor } | undefined {
    if (!this.#reference) return undefined;
    const whole = this.#layout.schedule.at(-1) as TokenGrid;
    const at = (vectors: Float32Array) =>
      float32(areaMeans(vectors, whole, grid), grid.rows * grid.columns, ...this.#vectorShape);
    return { keys: at(this.#reference.keys), values: at(this.#reference.values) };
  }

  /** Of a token's keys or values. */
  get #vectorShape(): number[] {
    const { heads, width } = this.#transformer.config;
    return [this.rows, heads, width / heads];
  }

  /** (1, L, C) */
  async #embed(tokens: Float32Array, level: number): Promise<HostTensor> {
    const { config, sessions } = this.#transformer;
    const feeds = {
      tokens: float32(tokens, 1, tokens.length / config.bits, config.bits),
      level: int64([level], 1),
    };
    return (await sessions.embedding.run(feeds)).x as HostTensor;
  }

  /** (1, L, C) → (B, L, C) */
  #repeated(x: HostTensor): HostTensor {
    const [, length, width] = x.shape as [number, number, number];
    const all = new Float32Array(this.rows * x.data.length);
    for (let row = 0; row < this.rows; row++) all.set(x.data as Float32Array, row * x.data.length);
    return float32(all, this.rows, length, width);
  }
}

/**
 * The last scale leaves no keys and values: nothing would read them. The first block keeps those of the source apart.
 *
 * @param source tokens of the source of an edit, else 0
 */
export function cacheLayouts(
  { depth, heads, width }: TransformerConfig,
  schedule: Schedule,
  source: number,
): { first: CacheLayout; others: CacheLayout } {
  const sizes = { heads, size: width / heads };
  const names = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => [`keys.${from + i}`, `values.${from + i}`]).flat();
  const capacity = tokenOffsets(schedule).at(-2) as number;
  return {
    first: { ...sizes, names: names(0, 1), capacity },
    others: { ...sizes, names: names(1, depth), capacity: capacity + source },
  };
}
