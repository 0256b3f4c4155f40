/**
 * Accounts for every key of a VQ-8 or VQ-16 checkpoint: used by the graphs, or left out for a reason.
 * Source: FoundationVision/LlamaGen `tokenizer/tokenizer_image/vq_model.py` (commit ce98ec4).
 */
import { LayerKeys } from '../autoencoder/autoencoder-keys.ts';
import { checkKeys } from '../weights/check-tensors.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import type { VqganConfig } from './config.ts';

/** Keys that inference does not need, and why. */
const UNUSED: Readonly<Record<string, string>> = {
  'quantize.codebook_used': 'which codes training used last',
};

/** Every key that the graphs use. Attention blocks belong to the lowest level, which is the decoder's first. */
export function expectedKeys({ levels }: VqganConfig, has: (key: string) => boolean): ReadonlySet<string> {
  const layers = new LayerKeys(has, ['q', 'k', 'v']);
  layers.keys.add('quantize.embedding.weight');
  const sides = [
    { side: 'encoder', blocks: 2, lowest: levels - 1, resample: 'downsample' },
    { side: 'decoder', blocks: 3, lowest: 0, resample: 'upsample' },
  ];
  for (const { side, blocks, lowest, resample } of sides) {
    for (const part of ['conv_in', 'norm_out', 'conv_out']) layers.layer(`${side}.${part}`);
    layers.residual(`${side}.mid.0`);
    layers.attention(`${side}.mid.1`);
    layers.residual(`${side}.mid.2`);
    for (let level = 0; level < levels; level++) {
      const at = `${side}.conv_blocks.${level}`;
      for (let block = 0; block < blocks; block++) {
        layers.residual(`${at}.res.${block}`);
        if (level === lowest) layers.attention(`${at}.attn.${block}`);
      }
      if (level < levels - 1) layers.layer(`${at}.${resample}.conv`);
    }
  }
  layers.layer('quant_conv');
  layers.layer('post_quant_conv');
  return layers.keys;
}

/** Throws `corrupt-checkpoint` naming the first key that is missing or unknown. */
export function checkVqganStateDict(index: TensorIndex, config: VqganConfig): void {
  const expected = expectedKeys(config, (key) => index.entries.has(key));
  checkKeys(index, 'tokenizer', expected, (key) => key in UNUSED);
}
