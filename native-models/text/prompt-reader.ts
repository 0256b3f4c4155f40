/**
 * From words to what the text encoder says of them. The last words stay known.
 */
import type { Runtime, TextTokenizer } from '../runtime.ts';
import type { T5Weights } from './config.ts';
import { T5Encoder } from './t5-encoder.ts';

/** Words as the text encoder says them. */
export interface EncodedText {
  /** The end token is the last. */
  readonly ids: readonly number[];
  /** (n, F) */
  readonly features: Float32Array;
}

export class PromptReader {
  readonly #weights: T5Weights;
  readonly #runtime: Runtime;
  readonly #longest: number;
  #tokenizer: Promise<TextTokenizer> | undefined;
  #last: { readonly words: string; readonly text: EncodedText } | undefined;

  /** @param longest tokens that are read; a longer text is cut before its end token */
  constructor(weights: T5Weights, runtime: Runtime, longest: number) {
    this.#weights = weights;
    this.#runtime = runtime;
    this.#longest = longest;
  }

  async read(words: string): Promise<EncodedText> {
    if (this.#last?.words === words) return this.#last.text;
    this.#tokenizer ??= this.#runtime.openTextTokenizer(this.#weights.index.file);
    const ids = firstTokens((await this.#tokenizer).encode(words), this.#longest);
    const features = await new T5Encoder(this.#weights, this.#runtime).encode(ids);
    this.#last = { words, text: { ids, features } };
    return this.#last.text;
  }
}

function firstTokens(ids: readonly number[], count: number): readonly number[] {
  return ids.length <= count ? ids : [...ids.slice(0, count - 1), ids.at(-1) as number];
}
