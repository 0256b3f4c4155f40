/**
 * The families that Underpaint knows. Adding one is one line here.
 */

import { StudioError } from '../app/base/errors.ts';
import type { ModelSource } from '../app/contracts/engine-api.ts';
import { bsqFamily } from './bsq/family.ts';
import { controlarFamily } from './controlar/family.ts';
import { flowArFamily } from './flowar/family.ts';
import { klFamily } from './kl/family.ts';
import type { ModelFamily, Part } from './model-family.ts';
import type { Pipeline } from './pipeline.ts';
import type { Runtime } from './runtime.ts';
import { t5Family } from './text/family.ts';
import { varFamily } from './var/family.ts';
import { vareditFamily } from './varedit/family.ts';
import type { TensorIndex } from './weights/tensor-entry.ts';
import { xarFamily } from './xar/family.ts';

const FAMILIES: readonly ModelFamily[] = [
  varFamily,
  flowArFamily,
  xarFamily,
  klFamily,
  controlarFamily,
  vareditFamily,
  bsqFamily,
  t5Family,
];

/** Ids of the families that can be loaded. */
export const FAMILY_IDS: readonly string[] = FAMILIES.map(({ id }) => id);

/** Recognises one checkpoint file. Throws `not-a-model` when no family knows it. */
export function identify(index: TensorIndex): Part {
  for (const family of FAMILIES) {
    const part = family.identify(index);
    if (part) return part;
  }
  const keys = [...index.entries.keys()].slice(0, 3).join(', ');
  throw new StudioError('not-a-model', `${index.file} is not a model that Underpaint knows.`, {
    hint: `Underpaint reads ${published()}.`,
    detail: `${index.entries.size} tensors, the first keys are: ${keys}`,
  });
}

/** Checks that files make one model. Throws `not-a-model`, `missing-file` or `mismatched-files`. */
export function identifyModel(indexes: readonly TensorIndex[]): { family: ModelFamily; parts: Part[]; title: string } {
  const parts = indexes.map(identify);
  const main = parts.find(({ role }) => role === 'transformer') ?? parts[0];
  const family = FAMILIES.find(({ id }) => id === main?.family);
  if (!family) throw new StudioError('missing-file', 'A model needs at least one checkpoint file.');
  for (const part of parts) checkBelongs(part, family);
  return { family, parts, title: family.checkTogether(parts) };
}

function checkBelongs({ family, role, title, index }: Part, owner: ModelFamily): void {
  const { id, tokenizer, textEncoder, published } = owner;
  const families = { transformer: id, tokenizer, 'text-encoder': textEncoder };
  if (family === families[role]) return;
  throw new StudioError('mismatched-files', `${index.file} (${title}) belongs to another kind of model.`, {
    hint: published ? `Files that go together: ${published}.` : 'Give the files of one model.',
  });
}

function published(): string {
  return FAMILIES.flatMap((family) => family.published ?? []).join('; ');
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
