/**
 * The one error family of Underpaint.
 *
 * A `StudioError` carries a code from a closed set, so that every shell (window, browser, command line) can tell the
 * person what happened and what to do. `message` is that sentence; `detail` is for the log.
 */

export const ERROR_CODES = [
  'bad-request', // a request or an option that makes no sense
  'unknown-label', // a class name that the model does not have
  'unknown-model', // no model of that id or folder
  'not-a-model', // files that are not a model which Underpaint knows
  'missing-file', // a file of the model, or an input, is not there
  'mismatched-files', // transformer and tokenizer that do not belong together
  'corrupt-checkpoint', // a checkpoint that is damaged or hostile
  'corrupt-input', // an input file that is damaged
  'unwritable', // an output that cannot be written
  'disk-full', // no space left
  'out-of-memory', // the model does not fit
  'provider-unavailable', // the asked execution provider is not here
  'session-failed', // the inference runtime refused a graph or a run
  'not-finite', // NaN or infinity where numbers were expected
  'engine-crashed', // the engine process died
  'unreachable', // a server that does not answer, or fails again and again
  'refused', // a server that answers, but does not give the file
  'corrupt-download', // what came is not what was announced
  'in-use', // another Underpaint works on the same thing
  'needs-consent', // a licence that must be accepted first
  'cancelled', // the person stopped it; not a failure
  'internal', // a bug of Underpaint
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface StudioErrorOptions {
  /** What to do about it, one sentence. */
  hint?: string;
  /** Technical detail for the log. */
  detail?: string;
  cause?: unknown;
}

export class StudioError extends Error {
  override readonly name = 'StudioError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly detail: string | undefined;

  constructor(code: ErrorCode, message: string, options: StudioErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.detail = options.detail;
  }
}

/** A `StudioError` as plain data, as it crosses a process boundary. */
export interface SerializedError {
  code: ErrorCode;
  message: string;
  hint?: string | undefined;
  detail?: string | undefined;
}

/** Any thrown value as plain data; what is not a `StudioError` becomes `internal` with its stack as the detail. */
export function serializeError(error: unknown): SerializedError {
  const { code, message, hint, detail } = toStudioError(error);
  return { code, message, hint, detail };
}

export function deserializeError(error: SerializedError): StudioError {
  const options: StudioErrorOptions = {};
  if (error.hint !== undefined) options.hint = error.hint;
  if (error.detail !== undefined) options.detail = error.detail;
  return new StudioError(error.code, error.message, options);
}

/** Wraps any thrown value; a `StudioError` is returned as it is. */
export function toStudioError(error: unknown): StudioError {
  if (error instanceof StudioError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const detail = error instanceof Error ? (error.stack ?? message) : message;
  return new StudioError('internal', message, { cause: error, detail });
}

/** What a call fails with when the person stopped it. */
export function cancelled(): StudioError {
  return new StudioError('cancelled', 'Stopped.');
}

export function isCancelled(error: unknown): boolean {
  return error instanceof StudioError && error.code === 'cancelled';
}
