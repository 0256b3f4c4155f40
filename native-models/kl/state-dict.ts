/**
 * Accounts for every key of a KL autoencoder's checkpoint: used by the graphs, or left out for a reason.
 * Source: LTH14/mar `models/vae.py` (commit fe470ac).
 */
import { StudioError } from '../../app/base/errors.ts';
import type { AutoencoderConfig } from '../autoencoder/autoencoder-config.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';

/** The discriminator and perceptual network of training, which checkpoints may still hold. */
const TRAINING = 'loss.';

/** Every key that the graphs use. Attention follows the encoder's residual blocks where the checkpoint has it. */
function expectedKeys(config: AutoencoderConfig, has: (key: string) => boolean): Set<string> {
  const keys = new Set<string>();
  const layer = (name: string) => keys.add(`${name}.weight`).add(`${name}.bias`);
  const residual = (name: string) => {
    for (const part of ['norm1', 'conv1', 'norm2', 'conv2']) layer(`${name}.${part}`);
    if (has(`${name}.nin_shortcut.weight`)) layer(`${name}.nin_shortcut`);
  };
  const attention = (name: string) => {
    for (const part of ['norm', 'q', 'k', 'v', 'proj_out']) layer(`${name}.${part}`);
  };
  for (const [side, blocks] of [
    ['encoder.down', 2],
    ['decoder.up', 3],
  ] as const) {
    for (let level = 0; level < config.levels; level++) {
      for (let block = 0; block < blocks; block++) {
        residual(`${side}.${level}.block.${block}`);
        if (has(`${side}.${level}.attn.${block}.norm.weight`)) attention(`${side}.${level}.attn.${block}`);
      }
    }
  }
  for (let level = 0; level < config.levels - 1; level++) {
    layer(`encoder.down.${level}.downsample.conv`);
    layer(`decoder.up.${level + 1}.upsample.conv`);
  }
  for (const side of ['encoder', 'decoder']) {
    for (const part of ['conv_in', 'norm_out', 'conv_out']) layer(`${side}.${part}`);
    residual(`${side}.mid.block_1`);
    attention(`${side}.mid.attn_1`);
    residual(`${side}.mid.block_2`);
  }
  layer('quant_conv');
  layer('post_quant_conv');
  return keys;
}

/** Throws `corrupt-checkpoint` naming the first key that is missing or unknown. */
export function checkKlStateDict(index: TensorIndex, config: AutoencoderConfig): void {
  const expected = expectedKeys(config, (key) => index.entries.has(key));
  for (const key of expected) if (!index.entries.has(key)) throw corrupt(index, `lacks '${key}'`);
  for (const key of index.entries.keys()) {
    if (!expected.has(key) && !key.startsWith(TRAINING)) throw corrupt(index, `has an unknown tensor '${key}'`);
  }
}

function corrupt(index: TensorIndex, what: string): StudioError {
  return new StudioError('corrupt-checkpoint', `The autoencoder checkpoint ${index.file} ${what}.`, {
    hint: 'It may be damaged, or come from a variant that Underpaint does not know.',
  });
}
