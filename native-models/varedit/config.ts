/**
 * Hyper-parameters of Infinity's transformer, which VAREdit shares, read from keys and shapes.
 * Source: FoundationVision/Infinity `infinity/models/infinity.py` (commit 4c27bbb); HiDream-ai/VAREdit, same file (commit 2ca737c).
 */
import type { TensorIndex } from '../weights/tensor-entry.ts';

export interface TransformerConfig {
  /** Blocks of each of the parts that checkpoints keep them in. */
  readonly blocksPerChunk: number;
  readonly depth: number;
  /** C */
  readonly width: number;
  /** H */
  readonly heads: number;
  /** Width of the feed-forward layer. */
  readonly hidden: number;
  /** Bits of a token. */
  readonly bits: number;
  /** Rows of the level embedding: more than there are scales. */
  readonly levels: number;
  readonly text: TextConfig;
}

/** How words come in. */
export interface TextConfig {
  /** F: of the text encoder. */
  readonly channels: number;
  /** The longest prompt in tokens. */
  readonly tokens: number;
  /** Heads of the attention that makes one vector of all words. */
  readonly poolHeads: number;
}

/** A transformer's checkpoint and what it is. */
export interface TransformerWeights {
  readonly index: TensorIndex;
  readonly config: TransformerConfig;
}

/** Reads the configuration, or returns undefined when the tensors are not those of such a transformer. */
export function detectConfig(index: TensorIndex): TransformerConfig | undefined {
  const shape = (key: string) => index.entries.get(key)?.shape ?? [];
  const [tokens = 0, channels = 0] = shape('cfg_uncond');
  const [, poolHeads = 0] = shape('text_proj_for_sos.ca.mat_q');
  const [width = 0, bits = 0] = shape('word_embed.weight');
  const [levels = 0] = shape('lvl_embed.weight');
  const [, heads = 0] = shape(`${blockName(0, 1)}.sa.scale_mul_1H11`);
  const [hidden = 0] = shape(`${blockName(0, 1)}.ffn.fc1.weight`);
  const blocksPerChunk = countWhile((j) => index.entries.has(`block_chunks.0.module.${j}.sa.mat_qkv.weight`));
  const chunks = countWhile((c) => index.entries.has(`block_chunks.${c}.module.0.sa.mat_qkv.weight`));
  const depth = chunks * blocksPerChunk;
  const sizes = [tokens, channels, poolHeads, width, bits, levels, heads, hidden, depth];
  if (sizes.some((size) => size === 0)) return undefined;
  return { blocksPerChunk, depth, width, heads, hidden, bits, levels, text: { channels, tokens, poolHeads } };
}

/** Prefix of a block's keys. */
export function blockName(block: number, blocksPerChunk: number): string {
  return `block_chunks.${Math.floor(block / blocksPerChunk)}.module.${block % blocksPerChunk}`;
}

function countWhile(exists: (i: number) => boolean): number {
  let count = 0;
  while (exists(count)) count++;
  return count;
}
