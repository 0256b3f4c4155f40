/**
 * VAR's transformer at run time: sessions, and the state of one picture in the making.
 */
import { float32, floats, type HostTensor, int64, type Runtime, type Session, targetOf } from '../runtime.ts';
import type { ScalePyramid } from '../vq/scales.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import type { VarConfig } from './config.ts';
import { quantizedTransformer } from './quantized-weights.ts';
import {
  type BlocksOptions,
  buildBlocks,
  buildCondition,
  buildEmbedding,
  type VarWeights,
} from './transformer-graph.ts';

/** Conditional and unconditional. */
export const GUIDANCE_ROWS = 2;

export interface ScaleOutput {
  /** (2, L, V): conditional rows, then unconditional. */
  readonly logits: Float32Array;
  /** (2, L, C) after each block; only when the graphs were built with `blockOutputs`. */
  readonly blocks: readonly Float32Array[];
}

interface TransformerSessions {
  readonly condition: Session;
  readonly embedding: Session;
  readonly blocks: Session;
}

export class Transformer {
  readonly config: VarConfig;
  readonly pyramid: ScalePyramid;
  readonly sessions: TransformerSessions;
  /** Names of the residual streams that the graph gives; empty unless it was built with `blockOutputs`. */
  readonly blockOutputs: readonly string[];

  private constructor(config: VarConfig, pyramid: ScalePyramid, sessions: TransformerSessions, options: BlocksOptions) {
    this.config = config;
    this.pyramid = pyramid;
    this.sessions = sessions;
    this.blockOutputs = options.blockOutputs ? Array.from({ length: config.depth }, (_, i) => `block.${i}`) : [];
  }

  static async load(
    checkpoint: VarWeights,
    pyramid: ScalePyramid,
    runtime: Runtime,
    options: BlocksOptions = {},
  ): Promise<Transformer> {
    const target = targetOf(runtime);
    const { config } = checkpoint;
    const weights = { index: await weightsFor(checkpoint, runtime), config };
    return new Transformer(
      config,
      pyramid,
      {
        condition: await runtime.createSession(buildCondition(target, weights, GUIDANCE_ROWS)),
        embedding: await runtime.createSession(buildEmbedding(target, weights, GUIDANCE_ROWS)),
        blocks: await runtime.createSession(buildBlocks(target, weights, GUIDANCE_ROWS, options)),
      },
      options,
    );
  }

  /** Starts a picture of a class; `config.classes` stands for "no class". */
  async begin(label: number): Promise<TransformerState> {
    const labels = int64([label, this.config.classes], GUIDANCE_ROWS);
    const { first, modulation, headModulation } = await this.sessions.condition.run({ labels });
    return new TransformerState(this, first as HostTensor, {
      modulation: modulation as HostTensor,
      headModulation: headModulation as HostTensor,
    });
  }

  async dispose(): Promise<void> {
    for (const session of Object.values(this.sessions)) await session.dispose();
  }
}

/** The checkpoint as it is, or its matrices in 8 bits. */
async function weightsFor({ index, config }: VarWeights, runtime: Runtime): Promise<TensorIndex> {
  if (runtime.precision === 'fp32') return index;
  return runtime.derive({
    kind: runtime.precision,
    source: index,
    tensors: quantizedTransformer(index, config, runtime),
  });
}

/** One picture in the making: what depends on its class, and the keys and values of the scales done. */
export class TransformerState {
  readonly #transformer: Transformer;
  readonly #first: HostTensor;
  readonly #condition: { modulation: HostTensor; headModulation: HostTensor };
  #cache: KeyValueCache;
  #scales: number;

  constructor(
    transformer: Transformer,
    first: HostTensor,
    condition: { modulation: HostTensor; headModulation: HostTensor },
    done: { cache: KeyValueCache; scales: number } = { cache: emptyCache(transformer.config), scales: 0 },
  ) {
    this.#transformer = transformer;
    this.#first = first;
    this.#condition = condition;
    this.#cache = done.cache;
    this.#scales = done.scales;
  }

  /** Scales whose keys and values are there. The last scale leaves none: nothing would read them. */
  get scales(): number {
    return this.#scales;
  }

  /** The state as it was after the first `scales` scales, at most those that are there. The tensors are copies. */
  rewound(scales: number): TransformerState {
    const tokens = this.#transformer.pyramid.offsets[scales] as number;
    const cache = Object.fromEntries(
      Object.entries(this.#cache).map(([name, tensor]) => [name, firstTokens(tensor, tokens)]),
    );
    return new TransformerState(this.#transformer, this.#first, this.#condition, { cache, scales });
  }

  /**
   * Runs the next scale.
   *
   * @param next f_hat at the scale's size, (L, Z); not looked at for scale 0
   */
  async step(next: Float32Array): Promise<ScaleOutput> {
    const { sessions, pyramid } = this.#transformer;
    const scale = this.#scales;
    const x = scale === 0 ? this.#first : await this.#embed(scale, next);
    const outputs = await sessions.blocks.run({ x, ...this.#condition, ...this.#cache }, this.#wanted(scale));
    if (scale < pyramid.patchNums.length - 1) {
      const names = Object.keys(this.#cache);
      this.#cache = Object.fromEntries(names.map((name) => [name, outputs[`${name}:next`] as HostTensor]));
      this.#scales++;
    }
    const blocks = this.#transformer.blockOutputs.map((name) => floats(outputs, name));
    return { logits: floats(outputs, 'logits'), blocks };
  }

  #wanted(scale: number): string[] {
    const { pyramid, blockOutputs } = this.#transformer;
    const last = scale === pyramid.patchNums.length - 1;
    return ['logits', ...blockOutputs, ...(last ? [] : Object.keys(this.#cache).map((name) => `${name}:next`))];
  }

  async #embed(scale: number, next: Float32Array): Promise<HostTensor> {
    const { config, pyramid, sessions } = this.#transformer;
    const [start, end] = [pyramid.offsets[scale] as number, pyramid.offsets[scale + 1] as number];
    const range = Array.from({ length: end - start }, (_, i) => start + i);
    const latent = float32(next, range.length, config.latentChannels);
    const { x } = await sessions.embedding.run({ latent, range: int64(range, range.length) });
    return x as HostTensor;
  }
}

/** Keys and values of each block, (2, H, tokens, d), by the names of the graph's inputs. */
type KeyValueCache = Readonly<Record<string, HostTensor>>;

/** (2, H, tokens, d) → (2, H, count, d) */
function firstTokens(tensor: HostTensor, count: number): HostTensor {
  const [rows, heads, tokens, size] = tensor.shape as [number, number, number, number];
  const data = new Float32Array(rows * heads * count * size);
  for (let i = 0; i < rows * heads; i++) {
    const start = i * tokens * size;
    data.set((tensor.data as Float32Array).subarray(start, start + count * size), i * count * size);
  }
  return float32(data, rows, heads, count, size);
}

function emptyCache({ depth, heads, width }: VarConfig): KeyValueCache {
  const empty = () => float32(new Float32Array(0), GUIDANCE_ROWS, heads, 0, width / heads);
  return Object.fromEntries(
    Array.from({ length: depth }, (_, i) => [
      [`keys.${i}`, empty()],
      [`values.${i}`, empty()],
    ]).flat(),
  );
}
