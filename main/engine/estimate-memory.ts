/**
 * What a model takes in memory, before it is loaded.
 */
import type { Precision } from '../../app/contracts/engine-api.ts';

/** Bytes in memory for a byte of the checkpoint, whose weights are mostly float32. */
const SHARE: Readonly<Record<Precision, number>> = { fp32: 1, int8: 0.3, int4: 0.2 };

/** @param fileBytes of the model's checkpoint files together */
export function estimateMemory(fileBytes: number, precision: Precision): number {
  return Math.round(fileBytes * SHARE[precision]);
}
