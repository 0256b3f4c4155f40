/**
 * Accounts for every key of a VQ-8 or VQ-16 checkpoint: used by the graphs, or left out for a reason.
 * Source: FoundationVision/LlamaGen `tokenizer/tokenizer_image/vq_model.py` (commit ce98ec4).
 */
import { StudioError } from '../../app/base/errors.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import type { VqganConfig } from './config.ts';

/** Keys that inference does not need, and why. */
const UNUSED: Readonly<Record<string, string>> = {
  'quantize.codebook_used': 'which codes training used last',
};

/** Every key that the graphs use. Attention blocks belong to the lowest level, which is the decoder's first. */
export function expectedKeys({ levels }: VqganConfig, has: (key: string) => boolean): Set<string> {
  const keys = new Set<string>(['quantize.embedding.weight']);
  const layer = (name: string) => keys.add(`${name}.weight`).add(`${name}.bias`);
  const residual = (name: string) => {
    for (const part of ['norm1', 'conv1', 'norm2', 'conv2']) layer(`${name}.${part}`);
    if (has(`${name}.nin_shortcut.weight`)) layer(`${name}.nin_shortcut`);
  };
  const attention = (name: string) => {
    for (const part of ['norm', 'q', 'k', 'v', 'proj_out']) layer(`${name}.${part}`);
  };
  const sides = [
    { side: 'encoder', blocks: 2, lowest: levels - 1, resample: 'downsample' },
    { side: 'decoder', blocks: 3, lowest: 0, resample: 'upsample' },
  ];
  for (const { side, blocks, lowest, resample } of sides) {
    for (const part of ['conv_in', 'norm_out', 'conv_out']) layer(`${side}.${part}`);
    residual(`${side}.mid.0`);
    attention(`${side}.mid.1`);
    residual(`${side}.mid.2`);
    for (let level = 0; level < levels; level++) {
      const at = `${side}.conv_blocks.${level}`;
      for (let block = 0; block < blocks; block++) {
        residual(`${at}.res.${block}`);
        if (level === lowest) attention(`${at}.attn.${block}`);
      }
      if (level < levels - 1) layer(`${at}.${resample}.conv`);
    }
  }
  layer('quant_conv');
  layer('post_quant_conv');
  return keys;
}

/** Throws `corrupt-checkpoint` naming the first key that is missing or unknown. */
export function checkVqganStateDict(index: TensorIndex, config: VqganConfig): void {
  const expected = expectedKeys(config, (key) => index.entries.has(key));
  for (const key of expected) if (!index.entries.has(key)) throw corrupt(index, `lacks '${key}'`);
  for (const key of index.entries.keys()) {
    if (!expected.has(key) && !(key in UNUSED)) throw corrupt(index, `has an unknown tensor '${key}'`);
  }
}

function corrupt(index: TensorIndex, what: string): StudioError {
  return new StudioError('corrupt-checkpoint', `The tokenizer checkpoint ${index.file} ${what}.`, {
    hint: 'It may be damaged, or come from a variant that Underpaint does not know.',
  });
}
