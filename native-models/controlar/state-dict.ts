/**
 * Accounts for every key of a LlamaGen or ControlAR checkpoint: used by the graphs, or left out for a reason.
 * Source: FoundationVision/LlamaGen `autoregressive/models/gpt.py` (commit ce98ec4), hustvl/ControlAR
 * `autoregressive/models/gpt_t2i.py` (commit 87e32e9).
 */
import { dinov2Tensors } from '../vision/state-dict.ts';
import { checkTensors } from '../weights/check-tensors.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import type { TransformerConfig } from './config.ts';

/** Keys that inference does not need, and why. */
const UNUSED: Readonly<Record<string, string>> = {
  freqs_cis: 'the rotary table, which is computed',
  'condition_embeddings.weight': 'never used by the authors’ code',
  'condition_mlp.uncond_embedding': 'zeros; the unconditional row has no control',
  'adapter.model.embeddings.mask_token': 'for masked training of the control encoder',
};

/** Prefix of the control encoder's keys. */
export const CONTROL_ENCODER = 'adapter.model.';
/** Layers into whose input the control goes: 0, a third and two thirds of the depth. */
export const CONTROL_LAYERS = 3;

/** Every key that the graphs use, with its shape. */
export function expectedTensors(config: TransformerConfig, index: TensorIndex): Map<string, readonly number[]> {
  const { width: C, layers, hidden, vocabulary, conditioning, control } = config;
  const shapes = new Map<string, readonly number[]>([
    ['tok_embeddings.weight', [vocabulary, C]],
    ['norm.weight', [C]],
    ['output.weight', [vocabulary, C]],
  ]);
  const mlp = (name: string, inputs: number) =>
    shapes.set(`${name}.fc1.weight`, [C, inputs]).set(`${name}.fc2.weight`, [C, C]);
  if (conditioning.kind === 'class') shapes.set('cls_embedding.embedding_table.weight', [conditioning.classes + 1, C]);
  else {
    mlp('cls_embedding.cap_proj', conditioning.channels);
    shapes.set('cls_embedding.uncond_embedding', [conditioning.tokens, conditioning.channels]);
  }
  for (let layer = 0; layer < layers; layer++) {
    const at = `layers.${layer}`;
    shapes.set(`${at}.attention_norm.weight`, [C]).set(`${at}.ffn_norm.weight`, [C]);
    shapes.set(`${at}.attention.wqkv.weight`, [3 * C, C]).set(`${at}.attention.wo.weight`, [C, C]);
    shapes.set(`${at}.feed_forward.w1.weight`, [hidden, C]).set(`${at}.feed_forward.w3.weight`, [hidden, C]);
    shapes.set(`${at}.feed_forward.w2.weight`, [C, hidden]);
  }
  if (control) {
    mlp('adapter_mlp', control.channels);
    mlp('condition_mlp.cap_proj', C);
    for (let k = 0; k < CONTROL_LAYERS; k++) mlp(`condition_layers.${k}`, C);
    for (const [key, shape] of dinov2Tensors(index, CONTROL_ENCODER)) shapes.set(key, shape);
  }
  return shapes;
}

/**
 * Checks that the checkpoint has what the graphs use, in the right shapes, and nothing that they do not know.
 *
 * @throws corrupt-checkpoint naming the first key that is missing, misshapen or unknown
 */
export function checkStateDict(index: TensorIndex, config: TransformerConfig): void {
  checkTensors(index, 'LlamaGen', expectedTensors(config, index), (key) => key in UNUSED);
}
