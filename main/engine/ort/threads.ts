/**
 * How many threads a session computes with.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { StudioError } from '../../../app/base/errors.ts';

const MAX_THREADS = 512;

/**
 * Environment variable UNDERPAINT_THREADS, else the physical cores that this process may use: two threads on one core
 * share its arithmetic units and only get in each other's way. 0 leaves the choice to onnxruntime, which counts physical
 * cores itself, but, on Linux, not only those that the process may use.
 */
export function sessionThreads(asked: string | undefined = process.env.UNDERPAINT_THREADS): number {
  if (asked) return parseThreads(asked);
  const cores = physicalCores();
  return cores === 0 ? 0 : Math.min(cores, availableParallelism());
}

/** The same as a number that is never 0. */
export function computingThreads(): number {
  return sessionThreads() || availableParallelism();
}

function parseThreads(asked: string): number {
  const threads = Number(asked);
  if (Number.isInteger(threads) && threads >= 1 && threads <= MAX_THREADS) return threads;
  throw new StudioError('bad-request', `UNDERPAINT_THREADS is '${asked}', which is not a number of threads.`, {
    hint: `Set it to a whole number between 1 and ${MAX_THREADS}, or unset it.`,
  });
}

/** Pairs of (package, core) that Linux lists; 0 where it cannot be told. */
function physicalCores(): number {
  try {
    const listing = readFileSync('/proc/cpuinfo', 'utf8');
    const cores = listing.split('\n\n').map((block) => {
      const fact = (name: string) => block.match(new RegExp(`^${name}\\s*:\\s*(\\d+)`, 'm'))?.[1];
      const core = fact('core id');
      return core === undefined ? undefined : `${fact('physical id')}/${core}`;
    });
    return new Set(cores.filter((core) => core !== undefined)).size;
  } catch {
    return 0; // Not Linux.
  }
}
