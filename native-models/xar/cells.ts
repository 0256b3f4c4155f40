/**
 * A latent as cells: four quarters in raster order, raster order within each.
 * Source: `clusterify`, `unclusterify` in `models/xar.py` (OliverRensu/xAR 121e9c9).
 */
import type { StepArea } from '../../app/generation/request.ts';
import type { GridPosition } from '../layers/rotary.ts';
import { CELLS, CELLS_PER_SIDE } from './config.ts';

/** Where each token is, cells concatenated. */
export function cellPositions(size: number): GridPosition[] {
  const side = size / CELLS_PER_SIDE;
  return Array.from({ length: size * size }, (_, token) => {
    const [cell, within] = [Math.floor(token / side ** 2), token % side ** 2];
    return {
      row: Math.floor(cell / CELLS_PER_SIDE) * side + Math.floor(within / side),
      column: (cell % CELLS_PER_SIDE) * side + (within % side),
    };
  });
}

/** Cells (cells·L, Z), the first ones or all, as planes (Z, size, size); what is not there yet is 0. */
export function cellsToPlanes(cells: Float32Array, channels: number, size: number): Float32Array {
  const planes = new Float32Array(channels * size * size);
  const positions = cellPositions(size);
  for (let token = 0; token < cells.length / channels; token++) {
    const { row, column } = positions[token] as GridPosition;
    for (let z = 0; z < channels; z++) planes[(z * size + row) * size + column] = cells[token * channels + z] as number;
  }
  return planes;
}

/** Planes (Z, size, size) as cells (cells·L, Z). */
export function planesToCells(planes: Float32Array, channels: number, size: number): Float32Array {
  const cells = new Float32Array(planes.length);
  for (const [token, { row, column }] of cellPositions(size).entries()) {
    for (let z = 0; z < channels; z++) cells[token * channels + z] = planes[(z * size + row) * size + column] as number;
  }
  return cells;
}

/** What each cell covers of the picture. */
export function cellAreas(): StepArea[] {
  const share = 1 / CELLS_PER_SIDE;
  return Array.from({ length: CELLS }, (_, cell) => ({
    x: (cell % CELLS_PER_SIDE) * share,
    y: Math.floor(cell / CELLS_PER_SIDE) * share,
    width: share,
    height: share,
  }));
}
