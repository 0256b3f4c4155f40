/**
 * FlowAR's transformer at run time: sessions, and the state of one picture in the making.
 */
import { type RotaryTable, rotaryTable, spreadPositions } from '../layers/rotary.ts';
import { StackCache } from '../layers/stack-cache.ts';
import { float32, floats, type HostTensor, int64, type Runtime, type Session, targetOf } from '../runtime.ts';
import type { TensorEntry } from '../weights/tensor-entry.ts';
import type { FlowArConfig, FlowArWeights } from './config.ts';
import { buildBlocks, buildCondition, buildEmbedding } from './transformer-graph.ts';

/** Rows and columns of the grid that the tokens of every scale are spread over, whatever the latent's size. */
export const ROTARY_GRID = 16;

interface TransformerSessions {
  readonly condition: Session;
  readonly embedding: Session;
  readonly blocks: Session;
}

export class Transformer {
  readonly config: FlowArConfig;
  readonly sessions: TransformerSessions;
  /** Of each scale. */
  readonly rotary: readonly RotaryTable[];

  private constructor(config: FlowArConfig, sessions: TransformerSessions, frequencies: Float32Array) {
    this.config = config;
    this.sessions = sessions;
    this.rotary = config.sides.map((side) => rotaryTable(spreadPositions(side, ROTARY_GRID), frequencies));
  }

  static async load(weights: FlowArWeights, runtime: Runtime): Promise<Transformer> {
    const target = targetOf(runtime);
    const frequencies = weights.index.entries.get('encoder_blocks.0.attn.rope.freqs') as TensorEntry;
    return new Transformer(
      weights.config,
      {
        condition: await runtime.createSession(buildCondition(target, weights)),
        embedding: await runtime.createSession(buildEmbedding(target, weights)),
        blocks: await runtime.createSession(buildBlocks(target, weights)),
      },
      await runtime.readFloats(frequencies),
    );
  }

  /**
   * Starts a picture.
   *
   * @param labels of each row; `config.classes` stands for "no class"
   */
  async begin(labels: readonly number[]): Promise<TransformerState> {
    const { first, modulation } = await this.sessions.condition.run({ labels: int64(labels, labels.length) });
    return new TransformerState(this, first as HostTensor, modulation as HostTensor);
  }

  async dispose(): Promise<void> {
    for (const session of Object.values(this.sessions)) await session.dispose();
  }
}

export interface ScaleOutput {
  /** (1 or B, L, D): what the blocks were given, before positions; the rows are equal after scale 0. */
  readonly input: Float32Array;
  /** (B, L, D) */
  readonly z: HostTensor;
}

/** One picture in the making: what depends on its class, and the keys and values of the scales done. */
export class TransformerState {
  readonly #transformer: Transformer;
  readonly #first: HostTensor;
  readonly #modulation: HostTensor;
  #cache: StackCache;
  #scale = 0;

  constructor(transformer: Transformer, first: HostTensor, modulation: HostTensor) {
    this.#transformer = transformer;
    this.#first = first;
    this.#modulation = modulation;
    this.#cache = StackCache.empty(transformer.config, this.#rows);
  }

  get #rows(): number {
    return this.#first.shape[0] as number;
  }

  /**
   * Runs the next scale.
   *
   * @param latent the scale before at this scale's size, (L, Z); not looked at for scale 0
   */
  async step(latent: Float32Array): Promise<ScaleOutput> {
    const { config, sessions, rotary } = this.#transformer;
    const scale = this.#scale++;
    const side = config.sides[scale] as number;
    const tokens = side * side;
    const start = config.sides.slice(0, scale).reduce((sum, before) => sum + before * before, 0);
    const range = Array.from({ length: tokens }, (_, i) => start + i);
    const input = scale === 0 ? this.#first : await this.#embed(latent, tokens);
    const { cos, sin } = rotary[scale] as RotaryTable;
    const isLast = scale === config.sides.length - 1;
    const fetches = await sessions.blocks.run(
      {
        x: scale === 0 ? input : repeated(input, this.#rows),
        range: int64(range, tokens),
        modulation: this.#modulation,
        cos: float32(cos, tokens, cos.length / tokens),
        sin: float32(sin, tokens, sin.length / tokens),
        ...this.#cache.feeds,
      },
      ['z', ...(isLast ? [] : this.#cache.outputs)],
    );
    if (!isLast) this.#cache = this.#cache.after(fetches);
    return { input: input.data as Float32Array, z: fetches.z as HostTensor };
  }

  async #embed(latent: Float32Array, tokens: number): Promise<HostTensor> {
    const { config, sessions } = this.#transformer;
    const fetches = await sessions.embedding.run({ latent: float32(latent, 1, tokens, config.channels) });
    return float32(floats(fetches, 'x'), 1, tokens, config.width);
  }
}

/** (1, L, D) → (rows, L, D) */
function repeated({ data, shape }: HostTensor, rows: number): HostTensor {
  const result = new Float32Array(data.length * rows);
  for (let row = 0; row < rows; row++) result.set(data as Float32Array, row * data.length);
  return float32(result, rows, ...shape.slice(1));
}
