/**
 * VAR's transformer at run time: sessions, and the state of pictures in the making.
 */
import { type CacheLayout, KeyValueCache } from '../layers/key-value-cache.ts';
import {
  type Feeds,
  float32,
  floats,
  type HostTensor,
  int64,
  type Runtime,
  type Session,
  targetOf,
} from '../runtime.ts';
import type { ScalePyramid } from '../vq/scales.ts';
import type { QuantizedPrecision } from '../weights/quantize.ts';
import { weightsInPrecision } from '../weights/weights-in-precision.ts';
import type { VarConfig } from './config.ts';
import { derivedTransformer } from './derived-weights.ts';
import {
  type BlocksOptions,
  buildBlocks,
  buildCondition,
  buildEmbedding,
  type VarWeights,
} from './transformer-graph.ts';

/** Rows of a picture: conditional and unconditional. */
export const GUIDANCE_ROWS = 2;

export interface ScaleOutput {
  /** (2N, L, V): a conditional row for each picture, then the unconditional ones. */
  readonly logits: Float32Array;
  /** (2N, L, C) after each block; only when the graphs were built with `blockOutputs`. */
  readonly blocks: readonly Float32Array[];
}

interface TransformerSessions {
  readonly condition: Session;
  readonly embedding: Session;
  readonly blocks: Session;
}

/** What depends on the classes alone, for each different one. */
interface Condition {
  /** (U, 1, C) */
  readonly first: Float32Array;
  readonly modulation: HostTensor;
  readonly headModulation: HostTensor;
}

/** A picture of a state. */
export interface StatePicture {
  readonly state: TransformerState;
  readonly picture: number;
}

export class Transformer {
  readonly config: VarConfig;
  readonly pyramid: ScalePyramid;
  readonly sessions: TransformerSessions;
  /** Whether a picture's numbers stay the same when others are computed beside it. */
  readonly computesRowsAlike: boolean;
  /** Names of the residual streams that the graph gives; empty unless it was built with `blockOutputs`. */
  readonly blockOutputs: readonly string[];
  #lastCondition: { readonly key: string; readonly condition: Condition } | undefined;

  private constructor(
    { config }: VarWeights,
    pyramid: ScalePyramid,
    runtime: Runtime,
    sessions: TransformerSessions,
    options: BlocksOptions,
  ) {
    this.config = config;
    this.pyramid = pyramid;
    this.sessions = sessions;
    this.computesRowsAlike = runtime.precision !== 'int8';
    this.blockOutputs = options.blockOutputs ? Array.from({ length: config.depth }, (_, i) => `block.${i}`) : [];
  }

  static async load(
    checkpoint: VarWeights,
    pyramid: ScalePyramid,
    runtime: Runtime,
    options: BlocksOptions = {},
  ): Promise<Transformer> {
    const target = targetOf(runtime);
    const { config, index } = checkpoint;
    const inFewerBits = (precision: QuantizedPrecision) => derivedTransformer(index, config, precision, runtime);
    const weights = { index: await weightsInPrecision(index, runtime, inFewerBits), config };
    const sessions = {
      condition: await runtime.createSession(buildCondition(target, weights)),
      embedding: await runtime.createSession(buildEmbedding(target, weights)),
      blocks: await runtime.createSession(buildBlocks(target, weights, options)),
    };
    return new Transformer(checkpoint, pyramid, runtime, sessions, options);
  }

  /** Starts pictures, one of each class given; `config.classes` stands for "no class". */
  async begin(labels: readonly number[]): Promise<TransformerState> {
    const cache = new KeyValueCache(cacheLayout(this.config, this.pyramid), GUIDANCE_ROWS * labels.length);
    return this.#state(labels, cache);
  }

  /** Pictures of given classes that go on from the first `scales` scales of others. */
  async continueFrom(
    labels: readonly number[],
    pictures: readonly StatePicture[],
    scales: number,
  ): Promise<TransformerState> {
    const rows = [0, 1].flatMap((half) =>
      pictures.map(({ state, picture }) => ({ cache: state.cache, row: half * state.pictures + picture })),
    );
    const tokens = this.pyramid.offsets[scales] as number;
    return this.#state(labels, KeyValueCache.gathered(rows, tokens));
  }

  async #state(labels: readonly number[], cache: KeyValueCache): Promise<TransformerState> {
    const none = this.config.classes;
    const classes = [...new Set([...labels, none])];
    const classOf = [...labels, ...labels.map(() => none)].map((label) => classes.indexOf(label));
    return new TransformerState(this, await this.#condition(classes), classOf, cache);
  }

  async #condition(classes: readonly number[]): Promise<Condition> {
    const key = classes.join();
    if (this.#lastCondition?.key === key) return this.#lastCondition.condition;
    const outputs = await this.sessions.condition.run({ labels: int64(classes, classes.length) });
    const { modulation, headModulation } = outputs as Readonly<Record<string, HostTensor>>;
    const condition = {
      first: floats(outputs, 'first'),
      modulation: modulation as HostTensor,
      headModulation: headModulation as HostTensor,
    };
    this.#lastCondition = { key, condition };
    return condition;
  }

  async dispose(): Promise<void> {
    for (const session of Object.values(this.sessions)) await session.dispose();
  }
}

/** The last scale leaves no keys and values: nothing would read them. */
export function cacheLayout({ depth, heads, width }: VarConfig, { offsets }: ScalePyramid): CacheLayout {
  const names = Array.from({ length: depth }, (_, i) => [`keys.${i}`, `values.${i}`]).flat();
  return { names, heads, size: width / heads, capacity: offsets.at(-2) as number };
}

/** Bytes of the keys and values of `pictures` pictures. */
export function cacheBytes(config: VarConfig, pyramid: ScalePyramid, pictures: number): number {
  const { names, heads, size, capacity } = cacheLayout(config, pyramid);
  return 4 * names.length * heads * size * capacity * GUIDANCE_ROWS * pictures;
}

/** Pictures in the making that are computed together: their classes, and the keys and values of the scales done. */
export class TransformerState {
  readonly cache: KeyValueCache;
  readonly #transformer: Transformer;
  readonly #condition: Condition;
  readonly #classOf: readonly number[];

  constructor(transformer: Transformer, condition: Condition, classOf: readonly number[], cache: KeyValueCache) {
    this.#transformer = transformer;
    this.#condition = condition;
    this.#classOf = classOf;
    this.cache = cache;
  }

  get pictures(): number {
    return this.#classOf.length / GUIDANCE_ROWS;
  }

  /** Scales whose keys and values are there. */
  get scales(): number {
    return this.#transformer.pyramid.offsets.indexOf(this.cache.tokens);
  }

  /** The same state after its first `scales` scales; the later ones are given up. */
  rewound(scales: number): TransformerState {
    this.cache.rewind(this.#transformer.pyramid.offsets[scales] as number);
    return this;
  }

  /**
   * Runs the next scale.
   *
   * @param next f_hat of each picture at the scale's size, (L, Z); not looked at for scale 0
   */
  async step(next: readonly Float32Array[]): Promise<ScaleOutput> {
    const { sessions, pyramid, blockOutputs } = this.#transformer;
    const { modulation, headModulation } = this.#condition;
    const scale = this.scales;
    const last = scale === pyramid.patchNums.length - 1;
    const x = scale === 0 ? this.#first() : await this.#embed(scale, next);
    const classOf = int64(this.#classOf, this.#classOf.length);
    const feeds: Feeds = { x, classOf, modulation, headModulation, ...this.cache.feeds() };
    const wanted = ['logits', ...blockOutputs, ...(last ? [] : this.cache.outputs)];
    const outputs = await sessions.blocks.run(feeds, wanted);
    if (!last) this.cache.append(outputs);
    return { logits: floats(outputs, 'logits'), blocks: blockOutputs.map((name) => floats(outputs, name)) };
  }

  /** (B, 1, C) */
  #first(): HostTensor {
    const { width } = this.#transformer.config;
    const x = new Float32Array(this.#classOf.length * width);
    for (const [row, place] of this.#classOf.entries()) {
      x.set(this.#condition.first.subarray(place * width, (place + 1) * width), row * width);
    }
    return float32(x, this.#classOf.length, 1, width);
  }

  async #embed(scale: number, next: readonly Float32Array[]): Promise<HostTensor> {
    const { config, pyramid, sessions } = this.#transformer;
    const [start, end] = [pyramid.offsets[scale] as number, pyramid.offsets[scale + 1] as number];
    const range = Array.from({ length: end - start }, (_, i) => start + i);
    const latents = float32(joined(next), next.length, range.length, config.latentChannels);
    const { x } = await sessions.embedding.run({ latents, range: int64(range, range.length) });
    return x as HostTensor;
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const [first] = parts as readonly [Float32Array];
  if (parts.length === 1) return first;
  const all = new Float32Array(parts.length * first.length);
  for (const [i, part] of parts.entries()) all.set(part, i * first.length);
  return all;
}
