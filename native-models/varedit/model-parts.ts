/**
 * The loaded parts of a model. Each is made when it is first needed.
 */
import { StudioError } from '../../app/base/errors.ts';
import { bitsPerToken } from '../bsq/config.ts';
import { Quantizer } from '../bsq/quantizer.ts';
import type { Schedule } from '../bsq/schedules.ts';
import { Tokenizer } from '../bsq/tokenizer.ts';
import { float32, type HostTensor, type Runtime } from '../runtime.ts';
import { PromptReader } from '../text/prompt-reader.ts';
import { checkMemory } from './memory.ts';
import type { InfinityModel } from './model.ts';
import { Transformer } from './transformer.ts';

export class ModelParts {
  readonly prompts: PromptReader;
  readonly tokenizer: Tokenizer;
  readonly #model: InfinityModel;
  readonly #runtime: Runtime;
  #transformer: Promise<Transformer> | undefined;
  #noWords: Promise<Float32Array> | undefined;

  constructor(model: InfinityModel, runtime: Runtime) {
    const { tokens } = model.transformer.config.text;
    this.#model = model;
    this.#runtime = runtime;
    this.prompts = new PromptReader(model.textEncoder, runtime, tokens);
    this.tokenizer = new Tokenizer(model.tokenizer, runtime);
  }

  get bits(): number {
    return bitsPerToken(this.#model.tokenizer.config);
  }

  /**
   * The features of a prompt as it is, case and all; with guidance, as many rows of the learnt features of no words after them.
   *
   * @param rows 2 with guidance
   * @returns (rows, n, F)
   */
  async features(prompt: string, rows: 1 | 2): Promise<HostTensor> {
    const { ids, features } = await this.prompts.read(prompt);
    const all = new Float32Array(rows * features.length);
    all.set(features);
    if (rows === 2) all.set((await this.#noWordFeatures()).subarray(0, features.length), features.length);
    return float32(all, rows, ids.length, features.length / ids.length);
  }

  #noWordFeatures(): Promise<Float32Array> {
    const { index } = this.#model.transformer;
    const entry = index.entries.get('cfg_uncond');
    if (!entry) throw new StudioError('corrupt-checkpoint', `${index.file} has no tensor 'cfg_uncond'.`);
    this.#noWords ??= this.#runtime.readFloats(entry);
    return this.#noWords;
  }

  quantizer(schedule: Schedule): Quantizer {
    return new Quantizer(this.#model.tokenizer.config, schedule);
  }

  /** Throws `out-of-memory` before it begins, when pictures of this schedule cannot be made. */
  async transformer(schedule: Schedule): Promise<Transformer> {
    checkMemory(this.#model, schedule, this.#runtime);
    this.#transformer ??= this.loadTransformer(false);
    return this.#transformer;
  }

  /** A transformer of one's own, perhaps with the outputs that a trace wants. */
  loadTransformer(blockOutputs: boolean): Promise<Transformer> {
    const { transformer, task } = this.#model;
    return Transformer.load(transformer, this.#runtime, { reference: task.edits, blockOutputs });
  }

  async dispose(): Promise<void> {
    await (await this.#transformer)?.dispose();
    await this.tokenizer.dispose();
  }
}
