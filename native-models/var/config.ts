/**
 * VAR's hyper-parameters, read from keys and shapes.
 * Source: VAR paper, table 1; FoundationVision/VAR `models/__init__.py` (width = 64·depth, one head of 64 for each layer).
 */
import { StudioError } from '../../app/base/errors.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';

export interface VarConfig {
  readonly depth: number;
  /** C */
  readonly width: number;
  /** H */
  readonly heads: number;
  /** Classes; the embedding has one row more, for "no class". */
  readonly classes: number;
  /** V */
  readonly vocabulary: number;
  /** Z: channels of a code. */
  readonly latentChannels: number;
  /** L: tokens of all scales. */
  readonly tokens: number;
  readonly scales: number;
  /** One adaLN layer for all blocks (d36) instead of one for each. */
  readonly sharedAdaLn: boolean;
  /** L2-normalised queries and keys with a learned scale for each head; early checkpoints have neither. */
  readonly normalizedAttention: boolean;
}

/** Token maps of the published models by their number of tokens: 256×256 and 512×512 pixels. */
export const PUBLISHED_PATCH_NUMS: Readonly<Record<number, readonly number[]>> = {
  680: [1, 2, 3, 4, 5, 6, 8, 10, 13, 16],
  2240: [1, 2, 3, 4, 6, 9, 13, 18, 24, 32],
};

const HEAD_SIZE = 64;

/** Reads the configuration, or returns undefined when the tensors are not those of a VAR transformer. */
export function detectVarConfig(index: TensorIndex): VarConfig | undefined {
  const shape = (key: string) => index.entries.get(key)?.shape ?? [];
  const [, tokens = 0, width = 0] = shape('pos_1LC');
  const [embeddings = 0] = shape('class_emb.weight');
  const [vocabulary = 0] = shape('head.weight');
  const [, latentChannels = 0] = shape('word_embed.weight');
  const [scales = 0] = shape('lvl_embed.weight');
  const depth = countBlocks(index);
  const sizes = [tokens, width, embeddings, vocabulary, latentChannels, scales, depth];
  if (sizes.some((size) => size === 0)) return undefined;
  const headScales = shape('blocks.0.attn.scale_mul_1H11');
  return {
    depth,
    width,
    heads: headScales[1] ?? width / HEAD_SIZE,
    classes: embeddings - 1,
    vocabulary,
    latentChannels,
    tokens,
    scales,
    sharedAdaLn: index.entries.has('shared_ada_lin.1.weight'),
    normalizedAttention: headScales.length > 0,
  };
}

function countBlocks(index: TensorIndex): number {
  let depth = 0;
  while (index.entries.has(`blocks.${depth}.attn.mat_qkv.weight`)) depth++;
  return depth;
}

/**
 * Sides of the token maps, coarse to fine: known for the published sizes, else counted in the level buffer.
 *
 * @param levels the values of `lvl_1L`: the scale of each token
 * @throws corrupt-checkpoint when the levels do not form square maps in order
 */
export function patchNums(config: VarConfig, levels: readonly number[]): readonly number[] {
  const published = PUBLISHED_PATCH_NUMS[config.tokens];
  if (published && published.length === config.scales) return published;
  const counts = new Array<number>(config.scales).fill(0);
  for (const level of levels) counts[level] = (counts[level] ?? 0) + 1;
  const sides = counts.map(Math.sqrt);
  const ordered = levels.every((level, token) => level >= (levels[token - 1] ?? 0));
  if (!ordered || counts.length !== config.scales || !sides.every((side) => side > 0 && Number.isInteger(side))) {
    throw new StudioError(
      'corrupt-checkpoint',
      'The levels of this VAR checkpoint (lvl_1L) are not square token maps.',
    );
  }
  return sides;
}
