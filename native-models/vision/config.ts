/**
 * DINOv2's hyper-parameters, read from keys and shapes.
 * Source: Oquab et al., "DINOv2", arXiv 2304.07193; the keys are those of transformers 4, `models/dinov2`.
 */
import type { TensorIndex } from '../weights/tensor-entry.ts';

export interface Dinov2Config {
  /** Prefix of all keys. */
  readonly prefix: string;
  readonly layers: number;
  /** C */
  readonly width: number;
  /** H */
  readonly heads: number;
  /** Pixels along each side of a patch. */
  readonly patch: number;
  /** Side of the grid of learned positions. */
  readonly positions: number;
}

/** An encoder's checkpoint and what it is. */
export interface Dinov2Weights {
  readonly index: TensorIndex;
  readonly config: Dinov2Config;
}

/** In all published sizes. */
const HEAD_SIZE = 64;

/** Reads the configuration, or returns undefined when the tensors are not those of such an encoder. */
export function detectDinov2Config(index: TensorIndex, prefix: string): Dinov2Config | undefined {
  const shape = (key: string) => index.entries.get(prefix + key)?.shape ?? [];
  const [, tokens = 0, width = 0] = shape('embeddings.position_embeddings');
  const [, , patch = 0] = shape('embeddings.patch_embeddings.projection.weight');
  let layers = 0;
  while (index.entries.has(`${prefix}encoder.layer.${layers}.norm1.weight`)) layers++;
  if ([tokens, width, patch, layers].some((size) => size === 0)) return undefined;
  return { prefix, layers, width, heads: width / HEAD_SIZE, patch, positions: Math.sqrt(tokens - 1) };
}
