/**
 * Errors of onnxruntime as errors of the studio.
 */
import { StudioError } from '../../../app/base/errors.ts';

/** What onnxruntime's providers, the C++ library, V8 and the drivers say when memory is short. */
const OUT_OF_MEMORY =
  /bad_alloc|failed to allocate|allocation failed|out of memory|OUT_OF_?MEMORY|0x8007000E|cannot allocate|mmap.*errno: ?12/i;

/** `session-failed`, or `out-of-memory` when that is why. `facts` are lines for the log. */
export function wrapOrtError(error: unknown, session: string, facts: readonly string[]): StudioError {
  if (error instanceof StudioError) return error;
  const said = error instanceof Error ? error.message : String(error);
  const detail = [`session: ${session}`, ...facts, said].join('\n');
  if (OUT_OF_MEMORY.test(said)) {
    return new StudioError('out-of-memory', 'There is not enough memory for this model.', {
      hint: 'Close other programs, or use a smaller model or int8 precision.',
      detail,
      cause: error,
    });
  }
  return new StudioError('session-failed', `The inference runtime could not run ${session}.`, {
    hint: 'Check that the checkpoint files are complete; if it stays, try another device.',
    detail,
    cause: error,
  });
}
