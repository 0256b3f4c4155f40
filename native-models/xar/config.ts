/**
 * xAR's hyper-parameters, read from keys and shapes.
 * Source: xAR paper; `models/xar.py` (OliverRensu/xAR 121e9c9).
 */
import { StudioError } from '../../app/base/errors.ts';
import type { LatentConfig, LatentWeights } from '../latents/latent-family.ts';
import { detectStack, type StackConfig } from '../layers/adaln-stack.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';

/** Cells of a picture along one side. */
export const CELLS_PER_SIDE = 2;
export const CELLS = CELLS_PER_SIDE ** 2;

export interface XarConfig extends StackConfig, LatentConfig {
  /** Side of the latent. */
  readonly size: number;
}

/** A transformer's checkpoint and what it is. */
export type XarWeights = LatentWeights<XarConfig>;

/**
 * Reads the configuration, or returns undefined when the tensors are not those of an xAR transformer.
 *
 * @throws corrupt-checkpoint when its positions are not those of 2×2 square cells
 */
export function detectXarConfig(index: TensorIndex): XarConfig | undefined {
  const shape = (key: string) => index.entries.get(key)?.shape ?? [];
  const stack = detectStack(index);
  const [embeddings = 0] = shape('class_emb.weight');
  const [channels = 0] = shape('pred.weight');
  if (!stack || embeddings === 0 || channels === 0 || !index.entries.has('time_embed.mlp.0.weight')) return undefined;
  const size = Math.sqrt(stack.positions);
  if (!Number.isInteger(size / CELLS_PER_SIDE)) {
    throw new StudioError('corrupt-checkpoint', `The ${stack.positions} positions of ${index.file} are not 2×2 cells.`);
  }
  return { ...stack, classes: embeddings - 1, channels, size };
}

/** Tokens of a cell. */
export function cellTokens({ positions }: XarConfig): number {
  return positions / CELLS;
}
