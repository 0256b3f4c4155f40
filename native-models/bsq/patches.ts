/**
 * Latents as the transformer reads and writes them: the patch×patch pixels of a token are its channels.
 * Source: PyTorch's `pixel_unshuffle` and `pixel_shuffle`, as FoundationVision/Infinity `infinity/models/infinity.py` (commit 4c27bbb)
 * calls them.
 */
import type { TokenGrid } from '../autoencoder/token-grid.ts';
import type { BsqConfig } from './config.ts';

type Layout = Pick<BsqConfig, 'latentChannels' | 'patch'>;

/** Planes (d, rows·patch, columns·patch) → (rows·columns, d·patch²), of which number (c·patch + dy)·patch + dx is channel c at (dy, dx). */
export function toTokens(planes: Float32Array, grid: TokenGrid, layout: Layout): Float32Array {
  const tokens = new Float32Array(planes.length);
  eachNumber(grid, layout, (token, plane) => {
    tokens[token] = planes[plane]!;
  });
  return tokens;
}

/** (rows·columns, d·patch²) → planes (d, rows·patch, columns·patch). */
export function fromTokens(tokens: Float32Array, grid: TokenGrid, layout: Layout): Float32Array {
  const planes = new Float32Array(tokens.length);
  eachNumber(grid, layout, (token, plane) => {
    planes[plane] = tokens[token]!;
  });
  return planes;
}

/** Tells where each number lies in either form. */
function eachNumber(
  { rows, columns }: TokenGrid,
  { latentChannels, patch }: Layout,
  tell: (inTokens: number, inPlanes: number) => void,
): void {
  const [height, width] = [rows * patch, columns * patch];
  const perToken = latentChannels * patch * patch;
  for (let channel = 0; channel < latentChannels; channel++) {
    for (let y = 0; y < height; y++) {
      const [row, dy] = [Math.floor(y / patch), y % patch];
      for (let x = 0; x < width; x++) {
        const [column, dx] = [Math.floor(x / patch), x % patch];
        const number = (channel * patch + dy) * patch + dx;
        tell((row * columns + column) * perToken + number, (channel * height + y) * width + x);
      }
    }
  }
}
