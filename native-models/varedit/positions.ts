/**
 * Where tokens are for the rotary positions: cells of the grid of the shape's largest picture, whatever size is painted.
 * Source: `precompute_rope2d_freqs_grid` and `apply_rotary_emb` in FoundationVision/Infinity `infinity/models/basic.py`
 * (commit 4c27bbb) and HiDream-ai/VAREdit, same file (commit 2ca737c).
 */
import type { TokenGrid } from '../autoencoder/token-grid.ts';
import { tokenOffsets } from '../bsq/schedules.ts';
import type { GridPosition } from '../layers/rotary.ts';

const BASE = 10_000;

/** (d/4) frequencies of heads of d numbers, in float32. */
export function rotaryFrequencies(headSize: number): Float32Array {
  const half = headSize / 2;
  return Float32Array.from({ length: half / 2 }, (_, k) => 1 / Math.fround(BASE ** Math.fround((2 * k) / half)));
}

/**
 * The cells of a scale, spread over the grid of the shape's largest picture.
 *
 * @param largest the last of the shape's 13 scales
 */
export function scalePositions(scale: TokenGrid, largest: TokenGrid): GridPosition[] {
  const rows = spread(scale.rows, largest.rows);
  const columns = spread(scale.columns, largest.columns);
  return rows.flatMap((row) => columns.map((column) => ({ row, column })));
}

/** A grid's rows or columns on a larger one, rounded to whole cells, halves to even ones. */
function spread(count: number, onto: number): number[] {
  const step = Math.fround(onto / count);
  return Array.from({ length: count }, (_, i) => roundHalfToEven(Math.fround(i * step)));
}

function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** Where the tokens of an edit are. */
export interface EditPositions {
  readonly source: readonly GridPosition[];
  /** Of each scale. */
  readonly scales: readonly (readonly GridPosition[])[];
}

/**
 * The authors' table begins with the cells of a source of the largest size, beyond the target's last row and column; then come
 * those of the 13 scales. They read it from its beginning on, first the source and then the scales, each as many entries as it
 * has tokens: so only pictures of the largest size get the cells that are meant for them. A smaller picture lies wholly
 * in the source's part. Its models were trained so.
 *
 * @param schedule the scales that are painted; the source is as large as the last one
 * @param full the shape's 13 scales
 */
export function editPositions(schedule: readonly TokenGrid[], full: readonly TokenGrid[]): EditPositions {
  const largest = full.at(-1) as TokenGrid;
  const table = [...sourceCells(largest), ...full.flatMap((scale) => scalePositions(scale, largest))];
  const { rows, columns } = schedule.at(-1) as TokenGrid;
  const targets = table.slice(rows * columns);
  const offsets = tokenOffsets(schedule);
  const scales = schedule.map((_, scale) => targets.slice(offsets[scale], offsets[scale + 1]));
  return { source: table.slice(0, rows * columns), scales };
}

function sourceCells({ rows, columns }: TokenGrid): GridPosition[] {
  return Array.from({ length: rows * columns }, (_, i) => ({
    row: rows + Math.floor(i / columns),
    column: columns + (i % columns),
  }));
}
