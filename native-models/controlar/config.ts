/**
 * Hyper-parameters of LlamaGen and ControlAR, read from keys and shapes.
 * Source: FoundationVision/LlamaGen `autoregressive/models/gpt.py` (commit ce98ec4), hustvl/ControlAR
 * `autoregressive/models/gpt_t2i.py` (commit 87e32e9).
 */
import type { TensorIndex } from '../weights/tensor-entry.ts';

/** What a picture is made of: a class, or words. */
export type Conditioning =
  | { readonly kind: 'class'; readonly classes: number }
  /** The longest prompt in tokens, and the channels of the text encoder. */
  | { readonly kind: 'text'; readonly tokens: number; readonly channels: number };

/** ControlAR's part of a transformer. */
export interface ControlConfig {
  /** Channels of the control encoder. */
  readonly channels: number;
  /** Side of the grid that positions are counted on. */
  readonly grid: number;
  /** Whether pictures may have any size of up to grid² cells; else they are grid×grid. */
  readonly anySize: boolean;
}

export interface TransformerConfig {
  readonly layers: number;
  /** C */
  readonly width: number;
  /** H */
  readonly heads: number;
  /** Width of the gated feed-forward layer. */
  readonly hidden: number;
  /** V */
  readonly vocabulary: number;
  readonly conditioning: Conditioning;
  readonly control: ControlConfig | undefined;
}

/** A transformer's checkpoint and what it is. */
export interface TransformerWeights {
  readonly index: TensorIndex;
  readonly config: TransformerConfig;
}

/** No tensor tells the heads. All models have heads of 64, but 3B (32 of 100) and 7B (32 of 128). */
const HEAD_SIZES: Readonly<Record<number, number>> = { 3200: 100, 4096: 128 };
/** Side of the grid of the checkpoints that were trained on many sizes: 768×768 pixels. */
const ANY_SIZE_GRID = 48;

/** Reads the configuration, or returns undefined when the tensors are not those of such a transformer. */
export function detectConfig(index: TensorIndex): TransformerConfig | undefined {
  const shape = (key: string) => index.entries.get(key)?.shape ?? [];
  const [vocabulary = 0, width = 0] = shape('tok_embeddings.weight');
  const [hidden = 0] = shape('layers.0.feed_forward.w1.weight');
  const conditioning = detectConditioning(index);
  const layers = countLayers(index);
  if (!conditioning || [vocabulary, width, hidden, layers].some((size) => size === 0)) return undefined;
  const control = detectControl(index);
  return { layers, width, heads: width / headSize(width), hidden, vocabulary, conditioning, control };
}

function headSize(width: number): number {
  return HEAD_SIZES[width] ?? (width % 64 === 0 ? 64 : 100);
}

function detectConditioning({ entries }: TensorIndex): Conditioning | undefined {
  const classes = entries.get('cls_embedding.embedding_table.weight')?.shape[0];
  if (classes) return { kind: 'class', classes: classes - 1 };
  const [tokens, channels] = entries.get('cls_embedding.uncond_embedding')?.shape ?? [];
  return tokens && channels ? { kind: 'text', tokens, channels } : undefined;
}

function detectControl({ entries }: TensorIndex): ControlConfig | undefined {
  const channels = entries.get('adapter_mlp.fc1.weight')?.shape[1];
  const cells = entries.get('condition_mlp.uncond_embedding')?.shape[0];
  if (!channels || !cells) return undefined;
  const grid = Math.sqrt(cells);
  return { channels, grid, anySize: grid === ANY_SIZE_GRID };
}

function countLayers(index: TensorIndex): number {
  let layers = 0;
  while (index.entries.has(`layers.${layers}.attention.wqkv.weight`)) layers++;
  return layers;
}
