/**
 * Accounts for every key of a multi-scale VQVAE's checkpoint: used by the graphs, or left out for a reason.
 * Source: FoundationVision/VAR `models/vqvae.py`, `models/basic_vae.py`, `models/quant.py` (commit 78b9539).
 */
import { StudioError } from '../../app/base/errors.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import type { VqConfig } from './config.ts';

/** Keys that inference does not need, and why. */
const UNUSED: Readonly<Record<string, string>> = {
  'quantize.ema_vocab_hit_SV': 'how often training used each code',
};

/** Every key that the graphs use. Attention blocks belong to the lowest level. */
export function expectedKeys(config: VqConfig, has: (key: string) => boolean): Set<string> {
  const keys = new Set<string>(['quantize.embedding.weight']);
  const layer = (name: string) => keys.add(`${name}.weight`).add(`${name}.bias`);
  const residual = (name: string) => {
    for (const part of ['norm1', 'conv1', 'norm2', 'conv2']) layer(`${name}.${part}`);
    if (has(`${name}.nin_shortcut.weight`)) layer(`${name}.nin_shortcut`);
  };
  const attention = (name: string) => {
    for (const part of ['norm', 'qkv', 'proj_out']) layer(`${name}.${part}`);
  };
  const lowest = config.levels - 1;
  for (const [side, blocks] of [
    ['encoder.down', 2],
    ['decoder.up', 3],
  ] as const) {
    for (let level = 0; level <= lowest; level++) {
      for (let block = 0; block < blocks; block++) {
        residual(`${side}.${level}.block.${block}`);
        if (level === lowest) attention(`${side}.${level}.attn.${block}`);
      }
    }
  }
  for (let level = 0; level < lowest; level++) {
    layer(`encoder.down.${level}.downsample.conv`);
    layer(`decoder.up.${level + 1}.upsample.conv`);
  }
  for (const side of ['encoder', 'decoder']) {
    for (const part of ['conv_in', 'norm_out', 'conv_out']) layer(`${side}.${part}`);
    residual(`${side}.mid.block_1`);
    attention(`${side}.mid.attn_1`);
    residual(`${side}.mid.block_2`);
  }
  for (let phi = 0; phi < config.phiCount; phi++) layer(`quantize.quant_resi.qresi_ls.${phi}`);
  layer('quant_conv');
  layer('post_quant_conv');
  return keys;
}

/** Throws `corrupt-checkpoint` naming the first key that is missing or unknown. */
export function checkVqStateDict(index: TensorIndex, config: VqConfig): void {
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
