/**
 * The decoder's share of a picture's work.
 */
import type { TokenGrid } from '../autoencoder/token-grid.ts';
import { elementCount } from '../weights/tensor-entry.ts';
import { type BsqWeights, latentGrid } from './config.ts';

/** Multiply-adds of decoding a picture: every element of a kernel once for each pixel that its convolution gives. */
export function decodeWork({ index, config }: BsqWeights, grid: TokenGrid): number {
  const { rows, columns } = latentGrid(config, grid);
  let work = 0;
  for (const { name, shape } of index.entries.values()) {
    if (!name.startsWith('decoder.') || shape.length !== 4) continue;
    work += elementCount(shape) * rows * columns * enlargement(name, config.levels) ** 2;
  }
  return work;
}

/** How many times the latent's side a decoder's convolution gives; upsampling ones give the next level's. */
function enlargement(name: string, levels: number): number {
  const level = /^decoder\.up\.(\d+)\.(upsample)?/.exec(name);
  if (level) return 2 ** (levels - 1 - Number(level[1]) + (level[2] ? 1 : 0));
  return name.startsWith('decoder.conv_out') ? 2 ** (levels - 1) : 1;
}
