/**
 * LlamaGen's transformer at run time: sessions, and the state of one picture in the making.
 */
import { StudioError } from '../../app/base/errors.ts';
import { type Feeds, floats, type HostTensor, int64, type Runtime, type Session, targetOf } from '../runtime.ts';
import type { QuantizedPrecision } from '../weights/quantize.ts';
import { weightsInPrecision } from '../weights/weights-in-precision.ts';
import type { TransformerConfig, TransformerWeights } from './config.ts';
import { derivedTransformer } from './derived-weights.ts';
import { rasterPositions } from './raster-positions.ts';
import { CONTROL_LAYERS } from './state-dict.ts';
import { TokenCache } from './token-cache.ts';
import { buildBlocks } from './transformer-graph.ts';

/** Tokens that are run at once: the scores of so many take a few megabytes a layer. */
const LONGEST_FEED = 64;

export interface TransformerOptions {
  /** 2 with guidance: a conditional and an unconditional row. */
  readonly rows: 1 | 2;
  /** Side of the grid that positions are counted on. */
  readonly grid: number;
  readonly blockOutputs?: boolean | undefined;
}

export interface TokenOutput {
  /** (B, V): the conditional row, then the unconditional one. */
  readonly logits: Float32Array;
  /** (B, L, C) after each block; only when the graph was built with `blockOutputs`. */
  readonly blocks: readonly Float32Array[];
}

/** What a picture is made of: its class or its words, and its control tokens. */
export interface Condition {
  /** (B, L, C): the embedded class (L = 1), or the embedded words. */
  readonly prompt: HostTensor;
  /** (3, N, C), the strength in them; undefined without control. */
  readonly control: Float32Array | undefined;
}

export class Transformer {
  readonly config: TransformerConfig;
  readonly options: TransformerOptions;
  readonly session: Session;
  /** (V, C) */
  readonly embedding: Float32Array;

  private constructor(
    config: TransformerConfig,
    options: TransformerOptions,
    loaded: { session: Session; embedding: Float32Array },
  ) {
    this.config = config;
    this.options = options;
    this.session = loaded.session;
    this.embedding = loaded.embedding;
  }

  static async load(
    checkpoint: TransformerWeights,
    runtime: Runtime,
    options: TransformerOptions,
  ): Promise<Transformer> {
    const { config, index } = checkpoint;
    const entry = index.entries.get('tok_embeddings.weight');
    if (!entry) throw new StudioError('corrupt-checkpoint', `${index.file} has no token embedding.`);
    const inFewerBits = (precision: QuantizedPrecision) => derivedTransformer(index, precision, runtime);
    const weights = { index: await weightsInPrecision(index, runtime, inFewerBits), config };
    const rotary = rasterPositions(options.grid, config.width / config.heads);
    const model = buildBlocks(targetOf(runtime), weights, { ...options, rotary });
    const session = await runtime.createSession(model);
    return new Transformer(config, options, { session, embedding: await runtime.readFloats(entry) });
  }

  /** Starts a picture: runs its prompt, and gives the logits of the first token. */
  async begin(condition: Condition): Promise<{ state: TransformerState; first: TokenOutput }> {
    const state = new TransformerState(this, condition.control);
    return { state, first: await state.prompt(condition.prompt) };
  }

  dispose(): Promise<void> {
    return this.session.dispose();
  }
}

/** One picture in the making: the keys and values of its prompt and of its tokens so far. */
export class TransformerState {
  readonly #transformer: Transformer;
  readonly #cache: TokenCache;
  readonly #control: Float32Array | undefined;
  readonly #wanted: readonly string[];
  /** Of one token: reused, so that a token costs no new buffers but the graph's outputs. */
  readonly #x: HostTensor & { data: Float32Array };
  readonly #cells: HostTensor & { data: BigInt64Array };
  readonly #controlRow: (HostTensor & { data: Float32Array }) | undefined;
  readonly #feeds: Feeds;
  #tokens = 0;

  constructor(transformer: Transformer, control: Float32Array | undefined) {
    this.#transformer = transformer;
    this.#control = control;
    const { config, options } = transformer;
    const { layers, heads, width: C } = config;
    const { rows, grid, blockOutputs = false } = options;
    this.#cache = new TokenCache({ layers, groups: rows * heads, headSize: C / heads, limit: grid * grid });
    const blocks = blockOutputs ? Array.from({ length: layers }, (_, i) => `block.${i}`) : [];
    this.#wanted = ['logits', 'cache', ...blocks];
    this.#x = { type: 'float32', data: new Float32Array(rows * C), shape: [rows, 1, C] };
    this.#cells = { type: 'int64', data: new BigInt64Array(1), shape: [1] };
    this.#controlRow = config.control && emptyControl(rows, 1, C);
    this.#feeds = {
      x: this.#x,
      cells: this.#cells,
      wanted: int64([0], 1),
      ...(this.#controlRow && { control: this.#controlRow }),
    };
  }

  /** Runs the prompt, (B, L, C), whose keys are all zero: what stays of it is one token, the mean of its values. */
  async prompt(x: HostTensor): Promise<TokenOutput> {
    const { config, options } = this.#transformer;
    const [rows, count] = x.shape as [number, number];
    const cells = new Array<number>(count).fill(options.grid ** 2);
    const control = config.control && emptyControl(rows, count, config.width);
    if (control) this.#fillControl(control.data, 0, count);
    const output = await this.#run({
      ...this.#cache.causalFeeds(count),
      x,
      cells: int64(cells, count),
      wanted: int64([count - 1], 1),
      ...(control && { control }),
    });
    this.#cache.appendMean(output.cache, count);
    return output;
  }

  /** Takes in the next tokens of the picture, which are known, and gives the logits of the one after them. */
  async feed(tokens: Int32Array): Promise<TokenOutput> {
    let output: TokenOutput | undefined;
    for (let start = 0; start < tokens.length; start += LONGEST_FEED) {
      output = await this.#feedSome(tokens.subarray(start, start + LONGEST_FEED));
    }
    return output as TokenOutput;
  }

  async #feedSome(tokens: Int32Array): Promise<TokenOutput> {
    const { embedding, config, options } = this.#transformer;
    const { width: C } = config;
    const [rows, count] = [options.rows, tokens.length];
    const x = new Float32Array(rows * count * C);
    const control = config.control && emptyControl(rows, count, C);
    for (const [i, token] of tokens.entries()) {
      const embedded = embedding.subarray(token * C, (token + 1) * C);
      for (let b = 0; b < rows; b++) x.set(embedded, (b * count + i) * C);
      if (control) this.#fillControl(control.data, this.#tokens + i + 1, count, i);
    }
    const cells = Array.from({ length: count }, (_, i) => this.#tokens + i);
    const output = await this.#run({
      ...this.#cache.causalFeeds(count),
      x: { type: 'float32', data: x, shape: [rows, count, C] },
      cells: int64(cells, count),
      wanted: int64([count - 1], 1),
      ...(control && { control }),
    });
    this.#cache.append(output.cache, count);
    this.#tokens += count;
    return output;
  }

  /** Takes in the next token of the picture, and gives the logits of the one after it. */
  async step(token: number): Promise<TokenOutput> {
    const { embedding, config, options } = this.#transformer;
    const { width: C } = config;
    const row = embedding.subarray(token * C, (token + 1) * C);
    for (let b = 0; b < options.rows; b++) this.#x.data.set(row, b * C);
    this.#cells.data[0] = BigInt(this.#tokens);
    if (this.#controlRow) this.#fillControl(this.#controlRow.data, this.#tokens + 1, 1);
    const output = await this.#run({ ...this.#cache.feeds(), ...this.#feeds });
    this.#cache.append(output.cache, 1);
    this.#tokens++;
    return output;
  }

  /** Puts the control of a picture's token at a place of the conditional row, the last of `count` when left out. */
  #fillControl(target: Float32Array, token: number, count: number, place = count - 1): void {
    const control = this.#control;
    if (!control) return;
    const { width: C } = this.#transformer.config;
    const { rows } = this.#transformer.options;
    const tokens = control.length / (CONTROL_LAYERS * C);
    if (token >= tokens) return;
    for (let k = 0; k < CONTROL_LAYERS; k++) {
      const from = (k * tokens + token) * C;
      target.set(control.subarray(from, from + C), (k * rows * count + place) * C);
    }
  }

  async #run(feeds: Feeds): Promise<TokenOutput & { cache: Float32Array }> {
    const outputs = await this.#transformer.session.run(feeds, this.#wanted);
    const blocks = this.#wanted.slice(2).map((name) => floats(outputs, name));
    return { logits: floats(outputs, 'logits'), cache: floats(outputs, 'cache'), blocks };
  }
}

function emptyControl(rows: number, count: number, width: number): HostTensor & { data: Float32Array } {
  const data = new Float32Array(CONTROL_LAYERS * rows * count * width);
  return { type: 'float32', data, shape: [CONTROL_LAYERS, rows, count, width] };
}
