/**
 * What a model takes in memory, told from its files alone: for models that are not here yet, and before anything is read.
 * Families know it better from their shapes (`native-models/var/memory.ts`).
 */
import type { Precision } from '../../app/contracts/engine-api.ts';

/** Bytes in memory for a byte of the checkpoint, whose weights are float32. */
const SHARE: Readonly<Record<Precision, number>> = { fp32: 1, int8: 0.27, int4: 0.16 };
/** Caches, the decoder at work and the program: with the published models about this many bytes, whatever their size. */
const WORK_BYTES = 1e9;
/** Small models work with little: at most so many bytes for a byte of the checkpoint. */
const WORK_SHARE = 2;

/** @param fileBytes of the model's checkpoint files together */
export function estimateMemory(fileBytes: number, precision: Precision): number {
  return Math.round(fileBytes * SHARE[precision] + Math.min(WORK_BYTES, WORK_SHARE * fileBytes));
}
