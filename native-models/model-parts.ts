/**
 * The parts of a model by their roles.
 */
import { StudioError } from '../app/base/errors.ts';
import type { Part } from './model-family.ts';

/** The part of a role, or undefined. Throws `mismatched-files` when there are several. */
export function partOf(parts: readonly Part[], role: Part['role']): Part | undefined {
  const found = parts.filter((part) => part.role === role);
  if (found.length <= 1) return found[0];
  throw new StudioError('mismatched-files', `There are ${found.length} ${role}s; a model has one.`, {
    detail: found.map((part) => part.index.file).join(', '),
  });
}
