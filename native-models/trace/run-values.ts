/**
 * Values of a trace's `run` object, checked. Every function throws `bad-request` when a value is of another kind or out of range.
 */
import { StudioError } from '../../app/base/errors.ts';

export type Run = Readonly<Record<string, unknown>>;

/** Refuses keys that nothing knows, so that a typing mistake is not silently ignored. */
export function checkRunKeys(run: Run, known: readonly string[]): void {
  const unknown = Object.keys(run).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw new StudioError('bad-request', `The run has an unknown key '${unknown}'.`, {
    hint: `Known keys: ${known.join(', ')}.`,
  });
}

export function runNumber(run: Run, key: string, fallback: number, min: number, max: number): number {
  const value = run[key] ?? fallback;
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    throw new StudioError('bad-request', `${key} of the run must be a number from ${min} to ${max}.`);
  }
  return value;
}

export function runInteger(run: Run, key: string, fallback: number, min: number, max: number): number {
  const value = runNumber(run, key, fallback, min, max);
  if (!Number.isInteger(value)) throw new StudioError('bad-request', `${key} of the run must be a whole number.`);
  return value;
}

export function runFlag(run: Run, key: string, fallback: boolean): boolean {
  const value = run[key] === undefined ? fallback : run[key];
  if (typeof value !== 'boolean') throw new StudioError('bad-request', `${key} of the run must be true or false.`);
  return value;
}
