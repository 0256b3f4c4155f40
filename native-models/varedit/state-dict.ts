/**
 * Accounts for every key of an Infinity or VAREdit transformer: used by the graphs, or left out for a reason.
 * Source: FoundationVision/Infinity `infinity/models/infinity.py`, `infinity/models/basic.py` (commit 4c27bbb).
 */
import { checkTensors } from '../weights/check-tensors.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import { blockName, type TransformerConfig } from './config.ts';

/** Keys that inference does not need, and why; the authors' loader drops them too. */
const UNUSED: Readonly<Record<string, string>> = {
  lvl_1L: 'the scale of each token of one training schedule',
  attn_bias_for_masking: 'the mask of training; at inference a scale sees all tokens before it',
  Infinity_visible_kvlen: 'the mask of training',
  Infinity_invisible_qlen: 'the mask of training',
};

/** Every key that the graphs use, with its shape. */
export function expectedTensors(config: TransformerConfig): Map<string, readonly number[]> {
  const { width: C, heads, hidden, bits, levels, depth, blocksPerChunk, text } = config;
  const shapes = new Map<string, readonly number[]>([
    ['cfg_uncond', [text.tokens, text.channels]],
    ['text_norm.weight', [text.channels]],
    ['text_proj_for_sos.ca.mat_q', [1, text.poolHeads, C / text.poolHeads]],
    ['pos_start', [1, 1, C]],
    ['lvl_embed.weight', [levels, C]],
  ]);
  const linear = (name: string, outputs: number, inputs: number) => {
    shapes.set(`${name}.weight`, [outputs, inputs]).set(`${name}.bias`, [outputs]);
  };
  const keysAndValues = (name: string, inputs: number) => {
    shapes.set(`${name}.mat_kv.weight`, [2 * C, inputs]);
    for (const bias of ['zero_k_bias', 'v_bias']) shapes.set(`${name}.${bias}`, [C]);
  };
  keysAndValues('text_proj_for_sos.ca', text.channels);
  linear('text_proj_for_sos.ca.proj', C, C);
  linear('text_proj_for_ca.0', C, text.channels);
  linear('text_proj_for_ca.2', C, C);
  linear('word_embed', C, bits);
  linear('shared_ada_lin.1', 6 * C, C);
  linear('head_nm.ada_lin.1', 2 * C, C);
  linear('head', 2 * bits, C);
  for (let block = 0; block < depth; block++) {
    const at = blockName(block, blocksPerChunk);
    shapes.set(`${at}.ada_gss`, [1, 1, 6, C]);
    shapes.set(`${at}.sa.scale_mul_1H11`, [1, heads, 1, 1]);
    for (const bias of ['q_bias', 'zero_k_bias', 'v_bias']) shapes.set(`${at}.sa.${bias}`, [C]);
    shapes.set(`${at}.sa.mat_qkv.weight`, [3 * C, C]);
    linear(`${at}.sa.proj`, C, C);
    shapes.set(`${at}.ca_norm.weight`, [C]).set(`${at}.ca_norm.bias`, [C]);
    keysAndValues(`${at}.ca`, C);
    linear(`${at}.ca.mat_q`, C, C);
    linear(`${at}.ca.proj`, C, C);
    linear(`${at}.ffn.fc1`, hidden, C);
    linear(`${at}.ffn.fc2`, C, hidden);
  }
  return shapes;
}

/**
 * Checks that the checkpoint has what the graphs use, in the right shapes, and nothing that they do not know.
 *
 * @throws corrupt-checkpoint naming the first key that is missing, misshapen or unknown
 */
export function checkStateDict(index: TensorIndex, config: TransformerConfig): void {
  checkTensors(index, 'Infinity', expectedTensors(config), (key) => key in UNUSED);
}
