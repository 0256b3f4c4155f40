/**
 * From a class or words to what the transformer begins with.
 * Source: `language/t5.py` and `autoregressive/sample/sample_t2i.py` in FoundationVision/LlamaGen (commit ce98ec4). The authors pad
 * prompts on the left to 120 tokens and hide the padding; leaving it out gives the same numbers.
 */
import { StudioError } from '../../app/base/errors.ts';
import { float32, type HostTensor, int64, type Runtime, type Session, targetOf } from '../runtime.ts';
import { cleanCaption } from '../text/clean-caption.ts';
import type { T5Weights } from '../text/config.ts';
import { type EncodedText, PromptReader } from '../text/prompt-reader.ts';
import type { Conditioning, TransformerWeights } from './config.ts';
import { buildClassCondition, buildTextCondition } from './transformer-graph.ts';

export interface PromptEncoder {
  /** (B, L, C): the conditional row, then with guidance the unconditional one. */
  encode(request: { label: number | null; prompt: string }, rows: 1 | 2): Promise<HostTensor>;
  dispose(): Promise<void>;
}

/** Of a class-conditional model. */
export class ClassEncoder implements PromptEncoder {
  readonly #weights: TransformerWeights;
  readonly #runtime: Runtime;
  readonly #classes: number;

  constructor(weights: TransformerWeights, { classes }: Conditioning & { kind: 'class' }, runtime: Runtime) {
    this.#weights = weights;
    this.#runtime = runtime;
    this.#classes = classes;
  }

  /** No label asks for no class in particular. */
  async encode({ label }: { label: number | null }, rows: 1 | 2): Promise<HostTensor> {
    const session = await this.#runtime.createSession(
      buildClassCondition(targetOf(this.#runtime), this.#weights, rows),
      {
        once: true,
      },
    );
    try {
      const labels = [label ?? this.#classes, this.#classes].slice(0, rows);
      return (await session.run({ labels: int64(labels, rows) })).x as HostTensor;
    } finally {
      await session.dispose();
    }
  }

  async dispose(): Promise<void> {}
}

/** Of a text-conditional model. */
export class TextPromptEncoder implements PromptEncoder {
  readonly #weights: TransformerWeights;
  readonly #conditioning: Conditioning & { kind: 'text' };
  readonly #reader: PromptReader;
  readonly #runtime: Runtime;
  #projection: { readonly rows: number; readonly session: Session } | undefined;

  constructor(
    weights: TransformerWeights,
    conditioning: Conditioning & { kind: 'text' },
    textEncoder: T5Weights,
    runtime: Runtime,
  ) {
    this.#weights = weights;
    this.#conditioning = conditioning;
    this.#reader = new PromptReader(textEncoder, runtime, conditioning.tokens);
    this.#runtime = runtime;
  }

  async encode({ prompt }: { prompt: string }, rows: 1 | 2): Promise<HostTensor> {
    const { ids, features } = await this.read(prompt);
    const { channels } = this.#conditioning;
    const batch = new Float32Array(rows * ids.length * channels);
    batch.set(features);
    // Guidance sees as many of the learnt empty features, from their end.
    if (rows === 2) batch.set((await this.#unconditional()).slice(-ids.length * channels), features.length);
    const session = await this.#project(rows);
    return (await session.run({ features: float32(batch, rows, ids.length, channels) })).x as HostTensor;
  }

  /** The prompt, cleaned and encoded. */
  read(prompt: string): Promise<EncodedText> {
    return this.#reader.read(cleanCaption(prompt));
  }

  async #unconditional(): Promise<Float32Array> {
    const { index } = this.#weights;
    const entry = index.entries.get('cls_embedding.uncond_embedding');
    if (!entry) throw new StudioError('corrupt-checkpoint', `${index.file} has no unconditional features.`);
    return this.#runtime.readFloats(entry);
  }

  async #project(rows: number): Promise<Session> {
    if (this.#projection?.rows === rows) return this.#projection.session;
    await this.dispose();
    const model = buildTextCondition(targetOf(this.#runtime), this.#weights, rows, this.#conditioning.channels);
    this.#projection = { rows, session: await this.#runtime.createSession(model) };
    return this.#projection.session;
  }

  async dispose(): Promise<void> {
    await this.#projection?.session.dispose();
    this.#projection = undefined;
  }
}
