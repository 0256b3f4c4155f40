/**
 * A checkpoint's tensors against those that a model's graphs use.
 */
import { StudioError } from '../../app/base/errors.ts';
import { formatShape } from '../graph/shapes.ts';
import type { TensorIndex } from './tensor-entry.ts';

const UNKNOWN_VARIANT = 'It may be damaged, or come from a variant that Underpaint does not know.';

/**
 * Checks that the checkpoint has what the graphs use, in the right shapes, and nothing that they do not know.
 *
 * @param family for people, such as `VAR`
 * @param isUnused whether a key is left out for a known reason
 * @param hint what else a mistake may come from
 * @throws corrupt-checkpoint naming the first key that is missing, misshapen or unknown
 */
export function checkTensors(
  index: TensorIndex,
  family: string,
  expected: ReadonlyMap<string, readonly number[]>,
  isUnused: (key: string) => boolean,
  hint: string = UNKNOWN_VARIANT,
): void {
  for (const [key, shape] of expected) {
    const found = index.entries.get(key);
    if (found && found.shape.join() !== shape.join()) {
      const what = `has '${key}' as ${formatShape(found.shape)} where ${formatShape(shape)} is needed`;
      throw corrupt(index, family, what, hint);
    }
  }
  checkKeys(index, family, expected, isUnused, hint);
}

/**
 * The same of keys alone.
 *
 * @param what for people, such as `tokenizer`
 * @throws corrupt-checkpoint naming the first key that is missing or unknown
 */
export function checkKeys(
  index: TensorIndex,
  what: string,
  expected: Pick<ReadonlySet<string>, 'has' | 'keys'>,
  isUnused: (key: string) => boolean,
  hint: string = UNKNOWN_VARIANT,
): void {
  for (const key of expected.keys()) if (!index.entries.has(key)) throw corrupt(index, what, `lacks '${key}'`, hint);
  for (const key of index.entries.keys()) {
    if (!expected.has(key) && !isUnused(key)) throw corrupt(index, what, `has an unknown tensor '${key}'`, hint);
  }
}

function corrupt(index: TensorIndex, what: string, problem: string, hint: string): StudioError {
  return new StudioError('corrupt-checkpoint', `The ${what} checkpoint ${index.file} ${problem}.`, { hint });
}
