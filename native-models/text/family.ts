/**
 * The T5 encoder as a family of its own: several models read it.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { ModelFamily, Part } from '../model-family.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import { detectT5Config, type T5Config, type T5Weights } from './config.ts';
import { checkT5StateDict } from './state-dict.ts';

export const T5_FAMILY = 't5';

export const t5Family: ModelFamily = {
  id: T5_FAMILY,
  tokenizer: T5_FAMILY,
  textEncoder: T5_FAMILY,
  identify,
  checkTogether: aloneNothing,
  load: aloneNothing,
};

function identify(index: TensorIndex): Part | undefined {
  const config = detectT5Config(index);
  if (!config) return undefined;
  checkT5StateDict(index, config);
  return {
    family: T5_FAMILY,
    role: 'text-encoder',
    title: `T5 encoder, ${config.layers} layers of ${config.width}`,
    index,
  };
}

function aloneNothing(): never {
  throw new StudioError('missing-file', 'A text encoder alone makes no pictures.', {
    hint: 'Give it together with the transformer and the tokenizer of a model that paints from words.',
  });
}

/** The weights of a part that was identified here. */
export function t5Weights({ index }: Part): T5Weights {
  return { index, config: detectT5Config(index) as T5Config };
}
