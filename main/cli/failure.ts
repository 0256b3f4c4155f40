/**
 * How a failure is told, and which exit code it has.
 */
import { CommanderError } from 'commander';
import { type ErrorCode, StudioError, serializeError, toStudioError } from '../../app/base/errors.ts';
import { printJsonLine } from './json-lines.ts';

const FAILED = 1;
const WRONG_USAGE = 2;
const INTERRUPTED = 130;
const USAGE_CODES: readonly ErrorCode[] = ['bad-request', 'unknown-label', 'unknown-model', 'needs-consent'];
/** Failures whose technical detail a person needs to report them. */
const DETAILED_CODES: readonly ErrorCode[] = ['internal', 'engine-crashed', 'session-failed'];

/** 2 for wrong usage, 130 when the person stopped it, else 1. */
export function exitCodeOf(error: unknown): number {
  const { code } = asStudioError(error);
  if (code === 'cancelled') return INTERRUPTED;
  return USAGE_CODES.includes(code) ? WRONG_USAGE : FAILED;
}

/** Prints `error: …` with its hint to stderr, and for `--json` also an object with `type: "error"` to stdout. */
export function reportFailure(error: unknown, json: boolean): void {
  const failure = serializeError(asStudioError(error));
  if (json) printJsonLine({ type: 'error', ...failure });
  console.error(`error: ${failure.message}`);
  if (failure.hint) console.error(indent(failure.hint));
  if (failure.detail && DETAILED_CODES.includes(failure.code)) console.error(indent(failure.detail));
}

function asStudioError(error: unknown): StudioError {
  if (!(error instanceof CommanderError)) return toStudioError(error);
  const [message = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`.replace('..', '.');
  return new StudioError('bad-request', sentence, {
    hint: rest.join(' ').replace(/^\((.*)\)$/, '$1') || 'See: underpaint help',
  });
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
