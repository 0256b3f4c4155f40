/**
 * What a model takes of memory, told before anything is loaded: by its family from its shapes, else from the size of its files.
 */
import type { Precision } from '../app/contracts/engine-api.ts';

/** Bytes. */
export interface MemoryNeed {
  /** Whatever is made: the program, weights, the decoder at work. */
  readonly fixed: number;
  /** More for each picture that is made at the same time. */
  readonly perPicture: number;
}

export interface ModelMemory {
  need(precision: Precision): MemoryNeed;
  /** What to use instead of it where there are only so many bytes, as a sentence; undefined when nothing of its family fits. */
  smaller(bytes: number): string | undefined;
}

/** Bytes of Node, the runtime and what they hold for themselves. */
export const PROGRAM_BYTES = 320 * 2 ** 20;
/** Bytes in memory for a byte of the checkpoint, whose weights are float32. */
const SHARE: Readonly<Record<Precision, number>> = { fp32: 1, int8: 0.27, int4: 0.16 };
/** Caches, the decoder at work and the program: with the published models about this many bytes, whatever their size. */
const WORK_BYTES = 1e9;
/** Small models work with little: at most so many bytes for a byte of the checkpoint. */
const WORK_SHARE = 2;

/** For one picture at a time. */
export function totalNeed({ fixed, perPicture }: MemoryNeed): number {
  return fixed + perPicture;
}

/** @param fileBytes of the model's checkpoint files together */
export function memoryOfFiles(fileBytes: number): ModelMemory {
  const work = Math.min(WORK_BYTES, WORK_SHARE * fileBytes);
  return {
    need: (precision) => ({ fixed: Math.round(fileBytes * SHARE[precision] + work), perPicture: 0 }),
    smaller: () => undefined,
  };
}
