/**
 * The Scale-Aligned Reference: what the first block knows of the source, brought to the size of the scale that is painted.
 * Source: VAREdit (Mao et al., arXiv 2508.15772) §3.3; `SelfAttention.forward` in HiDream-ai/VAREdit `infinity/models/basic.py`
 * (commit 2ca737c).
 */
import type { TokenGrid } from '../autoencoder/token-grid.ts';

/**
 * The means of the vectors under each cell of a coarser grid (PyTorch's `interpolate(mode='area')`: cells that do not divide the
 * grid overlap).
 *
 * @param vectors (from.rows · from.columns, size)
 * @returns (to.rows · to.columns, size)
 */
export function areaMeans(vectors: Float32Array, from: TokenGrid, to: TokenGrid): Float32Array {
  if (from.rows === to.rows && from.columns === to.columns) return vectors;
  const size = vectors.length / (from.rows * from.columns);
  const sums = new Float64Array(size);
  const result = new Float32Array(to.rows * to.columns * size);
  let cell = 0;
  for (const [top, bottom] of windows(from.rows, to.rows)) {
    for (const [left, right] of windows(from.columns, to.columns)) {
      sums.fill(0);
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) {
          const start = (row * from.columns + column) * size;
          for (let i = 0; i < size; i++) sums[i]! += vectors[start + i]!;
        }
      }
      const count = (bottom - top) * (right - left);
      for (let i = 0; i < size; i++) result[cell * size + i] = sums[i]! / count;
      cell++;
    }
  }
  return result;
}

/** First and last but one index of each of `to` windows over `from` cells. */
function windows(from: number, to: number): (readonly [number, number])[] {
  return Array.from({ length: to }, (_, i) => [Math.floor((i * from) / to), Math.ceil(((i + 1) * from) / to)] as const);
}
