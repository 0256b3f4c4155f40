/**
 * What a family of models is to the registry.
 */
import type { ModelSource } from '../app/contracts/engine-api.ts';
import type { Pipeline } from './pipeline.ts';
import type { Runtime } from './runtime.ts';
import type { TensorIndex } from './weights/tensor-entry.ts';

/** What a checkpoint file is, told from its keys and shapes alone. */
export interface Part {
  readonly family: string;
  readonly role: 'transformer' | 'tokenizer' | 'text-encoder';
  /** Human words, such as `VAR transformer, depth 16, 256×256, 310 M parameters`. */
  readonly title: string;
  readonly index: TensorIndex;
}

export interface ModelFamily {
  readonly id: string;
  /** Family of the tokenizers that its transformers go with. */
  readonly tokenizer: string;
  /** Family of the text encoders that its transformers read; undefined when they read none. */
  readonly textEncoder?: string;
  /** Its published files in human words; undefined for what is no model by itself. */
  readonly published?: string;
  /** Recognises a file of this family, or returns undefined. */
  identify(index: TensorIndex): Part | undefined;
  /** Throws `missing-file` or `mismatched-files` when the parts do not make a model. Returns the model's title. */
  checkTogether(parts: readonly Part[]): string;
  load(parts: readonly Part[], source: ModelSource, runtime: Runtime): Promise<Pipeline>;
}
