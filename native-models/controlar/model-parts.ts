/**
 * The loaded parts of a model: prompt encoder, control encoder, transformer. Each is made when it is first needed.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { GenerationRequest } from '../../app/generation/request.ts';
import type { TokenGrid } from '../autoencoder/token-grid.ts';
import type { Runtime } from '../runtime.ts';
import { downsampling } from '../vqgan/config.ts';
import { ControlEncoder } from './control-encoder.ts';
import type { ControlarModel } from './model.ts';
import { ClassEncoder, type PromptEncoder, TextPromptEncoder } from './prompt-encoder.ts';
import { type Condition, Transformer } from './transformer.ts';

export class ModelParts {
  readonly prompts: PromptEncoder;
  readonly #model: ControlarModel;
  readonly #runtime: Runtime;
  #control: Promise<ControlEncoder | undefined> | undefined;
  #transformer: { readonly rows: 1 | 2; readonly loaded: Promise<Transformer> } | undefined;

  constructor(model: ControlarModel, runtime: Runtime) {
    this.#model = model;
    this.#runtime = runtime;
    this.prompts = promptEncoder(model, runtime);
  }

  /** What a picture is made of. */
  async condition(
    { label, prompt = '', control }: Pick<GenerationRequest, 'label' | 'prompt' | 'control'>,
    rows: 1 | 2,
    strength: number,
    grid: TokenGrid,
  ): Promise<Condition> {
    const embedded = await this.prompts.encode({ label, prompt }, rows);
    if (!control) return { prompt: embedded, control: undefined };
    const encoded = await (await this.controlEncoder())?.encode(control, grid);
    return { prompt: embedded, control: encoded?.tokens.map((value) => value * strength) };
  }

  controlEncoder(): Promise<ControlEncoder | undefined> {
    const { transformer, tokenizer } = this.#model;
    this.#control ??= ControlEncoder.load(transformer, downsampling(tokenizer.config), this.#runtime);
    return this.#control;
  }

  /** One with as many rows; the one with another number is put away. */
  async transformer(rows: 1 | 2): Promise<Transformer> {
    if (this.#transformer?.rows !== rows) {
      await (await this.#transformer?.loaded)?.dispose();
      this.#transformer = { rows, loaded: this.loadTransformer(rows, false) };
    }
    return this.#transformer.loaded;
  }

  /** A transformer of one's own, perhaps with the outputs that a trace wants. */
  loadTransformer(rows: 1 | 2, blockOutputs: boolean): Promise<Transformer> {
    const { transformer, grid } = this.#model;
    return Transformer.load(transformer, this.#runtime, { rows, grid, blockOutputs });
  }

  async dispose(): Promise<void> {
    await this.prompts.dispose();
    await (await this.#control)?.dispose();
    await (await this.#transformer?.loaded)?.dispose();
  }
}

function promptEncoder({ transformer, textEncoder }: ControlarModel, runtime: Runtime): PromptEncoder {
  const { conditioning } = transformer.config;
  if (conditioning.kind === 'class') return new ClassEncoder(transformer, conditioning, runtime);
  if (!textEncoder) throw new StudioError('missing-file', 'The model has no text encoder.');
  return new TextPromptEncoder(transformer, conditioning, textEncoder, runtime);
}
