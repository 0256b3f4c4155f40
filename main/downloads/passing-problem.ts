/**
 * Trouble that may pass by itself, so that a download tries again: a lost connection, a busy server.
 */
export class PassingProblem extends Error {
  override readonly name = 'PassingProblem';
  /** How long the server asks to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: { retryAfterMs?: number | undefined; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
  }
}
