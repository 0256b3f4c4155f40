/**
 * Masks in few bytes: runs of equal values, each as its length and the value. A mask is kept with a picture in this form.
 */
import { StudioError } from '../base/errors.ts';
import { bytes, fields, integer, type Parser } from '../contracts/parse.ts';
import type { Mask } from './mask.ts';

/** Most pixels of a run: its length is one byte, from 1 on. */
const LONGEST = 256;

export interface PackedMask {
  readonly width: number;
  readonly height: number;
  /** Pairs of bytes: length − 1, value. */
  readonly runs: Uint8Array;
}

const MAX_SIDE = 16_384;
const side = integer(1, MAX_SIDE);

export const parsePackedMask: Parser<PackedMask> = fields<PackedMask>({ width: side, height: side, runs: bytes });

export function packRuns({ width, height, data }: Mask): PackedMask {
  const runs: number[] = [];
  for (let i = 0; i < data.length; ) {
    let end = i + 1;
    while (end < data.length && end - i < LONGEST && data[end] === data[i]) end++;
    runs.push(end - i - 1, data[i] as number);
    i = end;
  }
  return { width, height, runs: Uint8Array.from(runs) };
}

/** Throws `corrupt-input` when the runs are not those of a mask of this size. */
export function unpackRuns({ width, height, runs }: PackedMask): Mask {
  const data = new Uint8Array(width * height);
  let at = 0;
  for (let i = 0; i + 1 < runs.length; i += 2) {
    const end = at + (runs[i] as number) + 1;
    data.fill(runs[i + 1] as number, at, end);
    at = end;
  }
  if (at === data.length) return { width, height, data };
  throw new StudioError('corrupt-input', 'A mask is damaged: it does not have the size that it says.');
}
