/**
 * How much memory models may take when nobody has said so.
 */
import { totalmem } from 'node:os';

/** The rest is for the system, the studio and what models compute with. */
const SHARE = 0.7;

/** Bytes: a share of the machine's memory, or of what a container may have of it. */
export function defaultMemoryBudget(): number {
  const usable = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  return Math.round(usable * SHARE);
}
