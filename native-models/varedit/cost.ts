/**
 * How the work of a picture spreads over its scales, by multiply-adds. Progress and time left come from it.
 */
import { decodeWork } from '../bsq/cost.ts';
import { type Schedule, tokenOffsets } from '../bsq/schedules.ts';
import type { InfinityModel } from './model.ts';

/** Share of the whole work that is done after each scale, 0 … 1; what is missing to 1 after the last is the decoder's. */
export function workShares(
  { transformer, tokenizer, task }: InfinityModel,
  schedule: Schedule,
  rows: number,
): number[] {
  const { width: C, depth, hidden } = transformer.config;
  const offsets = tokenOffsets(schedule);
  const grid = schedule.at(-1)!;
  const source = task.edits ? grid.rows * grid.columns : 0;
  const perToken = depth * (6 * C * C + 2 * C * hidden);
  const work = (tokens: number, seen: number) => rows * tokens * (perToken + 2 * depth * C * seen);
  const scales = schedule.map((_, scale) => {
    const end = offsets[scale + 1] as number;
    return work(end - (offsets[scale] as number), source + end);
  });
  const before = work(source, source);
  const total = scales.reduce((sum, part) => sum + part, before + decodeWork(tokenizer, grid));
  let done = before;
  return scales.map((part) => {
    done += part;
    return done / total;
  });
}
