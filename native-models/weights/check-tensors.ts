/**
 * A checkpoint's tensors against those that a model's graphs use.
 */
import { StudioError } from '../../app/base/errors.ts';
import { formatShape } from '../graph/shapes.ts';
import type { TensorIndex } from './tensor-entry.ts';

/**
 * Checks that the checkpoint has what the graphs use, in the right shapes, and nothing that they do not know.
 *
 * @param family for people, such as `VAR`
 * @param isUnused whether a key is left out for a known reason
 * @throws corrupt-checkpoint naming the first key that is missing, misshapen or unknown
 */
export function checkTensors(
  index: TensorIndex,
  family: string,
  expected: ReadonlyMap<string, readonly number[]>,
  isUnused: (key: string) => boolean,
): void {
  const corrupt = (what: string) =>
    new StudioError('corrupt-checkpoint', `The ${family} checkpoint ${index.file} ${what}.`, {
      hint: 'It may be damaged, or come from a variant that Underpaint does not know.',
    });
  for (const [key, shape] of expected) {
    const found = index.entries.get(key);
    if (!found) throw corrupt(`lacks '${key}'`);
    if (found.shape.join() !== shape.join()) {
      throw corrupt(`has '${key}' as ${formatShape(found.shape)} where ${formatShape(shape)} is needed`);
    }
  }
  for (const key of index.entries.keys()) {
    if (!expected.has(key) && !isUnused(key)) throw corrupt(`has an unknown tensor '${key}'`);
  }
}
