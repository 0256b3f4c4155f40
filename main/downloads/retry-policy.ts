/**
 * When a download is tried again.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { cancelled, StudioError } from '../../app/base/errors.ts';
import { PassingProblem } from './passing-problem.ts';

export interface RetryPolicy {
  /** Wait after the first failure in ms; it doubles with each further one in a row. */
  readonly baseMs: number;
  readonly maxMs: number;
  /** Failures in a row without a new byte after which a download gives up. */
  readonly attempts: number;
  /** Silence after which a connection counts as lost, in ms. */
  readonly stallMs: number;
}

/** Gives up after about half an hour without a byte: long enough for a laptop to come into another network. */
export const PATIENT: RetryPolicy = { baseMs: 1_000, maxMs: 60_000, attempts: 35, stallMs: 30_000 };

/** Longest pause that a server may ask for, in ms. */
const MAX_RETRY_AFTER_MS = 15 * 60_000;
/** So that many clients of a server that was down do not come back at once. */
const JITTER = 0.2;

/** @param failures in a row, 1 or more */
export function retryDelay(policy: RetryPolicy, failures: number, problem: PassingProblem): number {
  const backOff = Math.min(policy.maxMs, policy.baseMs * 2 ** (failures - 1));
  const asked = Math.min(problem.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
  return Math.max(backOff * (1 + JITTER * Math.random()), asked);
}

/** `Retry-After` in milliseconds from now: seconds, or a date. */
export function parseRetryAfter(value: string | null, now = Date.now()): number | undefined {
  if (value === null) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Told before each pause. */
export type OnWaiting = (problem: PassingProblem, waitMs: number) => void;

export interface Retrying {
  readonly policy: RetryPolicy;
  readonly signal: AbortSignal;
  readonly onWaiting: OnWaiting;
  /** How far the work has come; a failure after progress is the first of its row. */
  progress(): number;
}

/**
 * Does `work` until it succeeds.
 *
 * @throws StudioError cancelled; unreachable after too many passing problems in a row; what else `work` throws
 */
export async function retry<T>(work: () => Promise<T>, { policy, signal, onWaiting, progress }: Retrying): Promise<T> {
  let furthest = progress();
  for (let failures = 0; ; ) {
    if (signal.aborted) throw cancelled();
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) throw cancelled();
      if (!(error instanceof PassingProblem)) throw error;
      failures = progress() > furthest ? 1 : failures + 1;
      furthest = Math.max(furthest, progress());
      if (failures > policy.attempts) throw unreachable(error);
      const wait = retryDelay(policy, failures, error);
      onWaiting(error, wait);
      await delay(wait, undefined, { signal }).catch(() => {});
    }
  }
}

function unreachable(problem: PassingProblem): StudioError {
  return new StudioError('unreachable', problem.message, {
    hint: 'Check the connection to the internet and try again: what has come already is kept.',
    detail: problem.cause === undefined ? problem.message : String(problem.cause),
    cause: problem,
  });
}
