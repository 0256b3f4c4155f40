/**
 * FlowAR's hyper-parameters, read from keys and shapes.
 * Source: FlowAR paper, table 1; `models/flowar.py` (wangqiang9/FlowAR 5745a96).
 */
import { StudioError } from '../../app/base/errors.ts';
import type { LatentConfig, LatentWeights } from '../latents/latent-family.ts';
import { detectStack, type StackConfig } from '../layers/adaln-stack.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';

export interface FlowHeadConfig {
  readonly blocks: number;
  /** W */
  readonly width: number;
  readonly heads: number;
  readonly mlpWidth: number;
  /** Blocks of the second kind (L, H) look at the condition by cross-attention. */
  readonly crossAttention: boolean;
}

export interface FlowArConfig extends StackConfig, LatentConfig {
  /** Sides of the latents, coarse to fine: each twice the one before. */
  readonly sides: readonly number[];
  readonly flow: FlowHeadConfig;
}

/** A transformer's checkpoint and what it is. */
export type FlowArWeights = LatentWeights<FlowArConfig>;

/**
 * Reads the configuration, or returns undefined when the tensors are not those of a FlowAR transformer.
 *
 * @throws corrupt-checkpoint when its positions are not those of sides 1, 2, 4, …
 */
export function detectFlowArConfig(index: TensorIndex): FlowArConfig | undefined {
  const shape = (key: string) => index.entries.get(key)?.shape ?? [];
  const stack = detectStack(index);
  const flow = detectFlowHead(index);
  const [embeddings = 0] = shape('class_emb.weight');
  const [, channels = 0] = shape('z_proj.weight');
  if (!stack || !flow || embeddings === 0 || channels === 0) return undefined;
  return { ...stack, flow, classes: embeddings - 1, channels, sides: sidesOf(stack.positions, index) };
}

function detectFlowHead(index: TensorIndex): FlowHeadConfig | undefined {
  const shape = (key: string) => index.entries.get(key)?.shape ?? [];
  let blocks = 0;
  while (index.entries.has(`flownet.res_blocks.${blocks}.attn.qkv.weight`)) blocks++;
  const [width = 0] = shape('flownet.input_proj.weight');
  const [quarter = 0] = shape('flownet.res_blocks.0.attn.rope.freqs');
  const [mlpWidth = 0] = shape('flownet.res_blocks.0.mlp.fc1_g.weight');
  if ([blocks, width, quarter, mlpWidth].includes(0)) return undefined;
  const crossAttention = index.entries.has('flownet.res_blocks.0.crossattn.q.weight');
  return { blocks, width, heads: width / (4 * quarter), mlpWidth, crossAttention };
}

/** 341 positions are those of 1², 2², 4², 8² and 16² tokens. */
function sidesOf(positions: number, { file }: TensorIndex): number[] {
  const sides: number[] = [];
  let left = positions;
  for (let side = 1; left > 0; side *= 2) {
    sides.push(side);
    left -= side * side;
  }
  if (left === 0) return sides;
  throw new StudioError(
    'corrupt-checkpoint',
    `The ${positions} positions of ${file} are not those of FlowAR's scales.`,
    {
      hint: 'Underpaint knows FlowAR with scales of 1×1, 2×2, 4×4, … tokens.',
    },
  );
}
