/**
 * The families that Underpaint knows. Adding one is one line here.
 */

import { StudioError } from '../app/base/errors.ts';
import type { ModelSource } from '../app/contracts/engine-api.ts';
import type { ModelFamily, Part } from './model-family.ts';
import type { Pipeline } from './pipeline.ts';
import type { Runtime } from './runtime.ts';
import { varFamily } from './var/family.ts';
import type { TensorIndex } from './weights/tensor-entry.ts';

const FAMILIES: readonly ModelFamily[] = [varFamily];

/** Recognises one checkpoint file. Throws `not-a-model` when no family knows it. */
export function identify(index: TensorIndex): Part {
  for (const family of FAMILIES) {
    const part = family.identify(index);
    if (part) return part;
  }
  const keys = [...index.entries.keys()].slice(0, 3).join(', ');
  throw new StudioError('not-a-model', `${index.file} is not a model that Underpaint knows.`, {
    hint: 'Underpaint reads VAR transformers (var_d16.pth …) and their tokenizer (vae_ch160v4096z32.pth).',
    detail: `${index.entries.size} tensors, the first keys are: ${keys}`,
  });
}

/** Checks that files make one model. Throws `not-a-model`, `missing-file` or `mismatched-files`. */
export function identifyModel(indexes: readonly TensorIndex[]): { family: ModelFamily; parts: Part[]; title: string } {
  const parts = indexes.map(identify);
  const family = FAMILIES.find(({ id }) => id === parts[0]?.family);
  if (!family) throw new StudioError('missing-file', 'A model needs at least one checkpoint file.');
  return { family, parts, title: family.checkTogether(parts) };
}

/** Loads the pipeline of a model from its checkpoint files. */
export function loadPipeline(
  indexes: readonly TensorIndex[],
  source: ModelSource,
  runtime: Runtime,
): Promise<Pipeline> {
  const { family, parts } = identifyModel(indexes);
  return family.load(parts, source, runtime);
}
