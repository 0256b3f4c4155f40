/**
 * Accounts for every key of a VAR transformer's checkpoint: used by the graphs, or left out for a reason.
 * Source: FoundationVision/VAR `models/var.py` and `models/basic_var.py` (commit 78b9539).
 */
import { checkTensors } from '../weights/check-tensors.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import type { VarConfig } from './config.ts';

/** Keys that inference does not need, and why. */
const UNUSED: Readonly<Record<string, string>> = {
  attn_bias_for_masking: 'the mask of training; at inference a scale sees all tokens before it',
};

/** Every key that the graphs use, with its shape. */
export function expectedTensors(config: VarConfig): Map<string, readonly number[]> {
  const { width: C, depth, heads, tokens, scales, vocabulary, latentChannels, classes } = config;
  const shapes = new Map<string, readonly number[]>([
    ['pos_start', [1, 1, C]],
    ['pos_1LC', [1, tokens, C]],
    ['lvl_1L', [1, tokens]],
    ['lvl_embed.weight', [scales, C]],
    ['class_emb.weight', [classes + 1, C]],
  ]);
  const linear = (name: string, outputs: number, inputs: number) => {
    shapes.set(`${name}.weight`, [outputs, inputs]).set(`${name}.bias`, [outputs]);
  };
  linear('word_embed', C, latentChannels);
  linear('head_nm.ada_lin.1', 2 * C, C);
  linear('head', vocabulary, C);
  if (config.sharedAdaLn) linear('shared_ada_lin.1', 6 * C, C);
  for (let block = 0; block < depth; block++) {
    const at = `blocks.${block}`;
    if (config.sharedAdaLn) shapes.set(`${at}.ada_gss`, [1, 1, 6, C]);
    else linear(`${at}.ada_lin.1`, 6 * C, C);
    if (config.normalizedAttention) shapes.set(`${at}.attn.scale_mul_1H11`, [1, heads, 1, 1]);
    for (const bias of ['q_bias', 'v_bias', 'zero_k_bias']) shapes.set(`${at}.attn.${bias}`, [C]);
    shapes.set(`${at}.attn.mat_qkv.weight`, [3 * C, C]);
    linear(`${at}.attn.proj`, C, C);
    linear(`${at}.ffn.fc1`, 4 * C, C);
    linear(`${at}.ffn.fc2`, C, 4 * C);
  }
  return shapes;
}

/** Throws `corrupt-checkpoint` naming the first key that is missing, misshapen or unknown. */
export function checkStateDict(index: TensorIndex, config: VarConfig): void {
  checkTensors(index, 'VAR', expectedTensors(config), (key) => key in UNUSED);
}
