/**
 * Accounts for every key of an xAR transformer's checkpoint: used by the graphs, or left out for a reason.
 * Source: `models/xar.py` (OliverRensu/xAR 121e9c9).
 */
import { blockNames, stackTensors } from '../layers/adaln-stack.ts';
import { SINUSOIDS } from '../sampling/timestep.ts';
import { checkTensors } from '../weights/check-tensors.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import type { XarConfig } from './config.ts';

/** Every key that the graphs use, with its shape. */
export function expectedTensors(config: XarConfig): Map<string, readonly number[]> {
  const { width: D, channels, classes } = config;
  const shapes = stackTensors(config).set('class_emb.weight', [classes + 1, D]);
  const layer = (name: string, outputs: number, inputs: number) => {
    shapes.set(`${name}.weight`, [outputs, inputs]).set(`${name}.bias`, [outputs]);
  };
  layer('time_embed.mlp.0', D, SINUSOIDS);
  layer('time_embed.mlp.2', D, D);
  layer('z_proj', D, channels);
  layer('pred', channels, D);
  return shapes;
}

/** Keys that graphs do not need. */
function isUnused(key: string): boolean {
  // The mask of training: at inference a cell sees all cells before it. Rotary frequencies are the same in all blocks, and turned
  // into tables by the host.
  return key === 'mask' || /\.rope\.freqs(_cos|_sin)?$/.test(key);
}

/** Throws `corrupt-checkpoint` naming the first key that is missing, misshapen or unknown. */
export function checkStateDict(index: TensorIndex, config: XarConfig): void {
  checkTensors(index, 'xAR', expectedTensors(config), isUnused);
}

/** The matrices that become 8-bit: those of the blocks, which are nearly all of the work. */
export function isQuantized(config: XarConfig): (key: string) => boolean {
  const blocks = blockNames(config);
  const layers = /\.(qkv|proj|fc1_g|fc1_x|fc2|ada_lin\.1)\.weight$/;
  return (key) =>
    key === 'decoder_embed.weight' || (layers.test(key) && blocks.some((name) => key.startsWith(`${name}.`)));
}
