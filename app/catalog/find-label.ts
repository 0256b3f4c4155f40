/**
 * From what a person writes to a class index.
 */
import { StudioError } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';

const SUGGESTIONS = 3;

/**
 * The class that `text` names: a label, in any case, or an index. A label that is a number wins over the index.
 *
 * @param labels names by index; may be empty
 * @param classes how many classes there are
 * @throws StudioError unknown-label, its hint suggests the nearest labels
 */
export function findLabel(text: string, labels: readonly string[], classes: number): number {
  const wanted = text.trim().toLowerCase();
  const named = labels.findIndex((label) => label.toLowerCase() === wanted);
  if (named >= 0) return named;
  if (/^\d{1,9}$/.test(wanted)) return checkedIndex(Number(wanted), classes);
  const suggestions = nearest(wanted, labels, SUGGESTIONS).map((label) => `"${label}"`);
  throw new StudioError('unknown-label', `The model has no class "${text}".`, {
    hint:
      suggestions.length > 0
        ? `Did you mean ${suggestions.join(' or ')}?`
        : `Give one of its labels${exampleOf(labels)} or an index from 0 to ${classes - 1}.`,
  });
}

function checkedIndex(index: number, classes: number): number {
  if (index < classes) return index;
  throw new StudioError('unknown-label', `There is no class ${index}.`, {
    hint: `The model has ${classes} classes: 0 to ${classes - 1}.`,
  });
}

function exampleOf(labels: readonly string[]): string {
  return labels.length > 0 ? `, such as "${labels[0]}",` : '';
}
