/**
 * Accounts for every key of a FlowAR transformer's checkpoint: used by the graphs, or left out for a reason.
 * Source: `models/flowar.py`, `models/flowmodel.py` (wangqiang9/FlowAR 5745a96).
 */
import { blockNames, stackTensors } from '../layers/adaln-stack.ts';
import { SINUSOIDS } from '../sampling/timestep.ts';
import { checkTensors } from '../weights/check-tensors.ts';
import type { TensorIndex } from '../weights/tensor-entry.ts';
import type { FlowArConfig } from './config.ts';

/** Every key that the graphs use, with its shape. */
export function expectedTensors(config: FlowArConfig): Map<string, readonly number[]> {
  const { width: D, channels, classes, positions } = config;
  return new Map([
    ...stackTensors(config),
    ['class_emb.weight', [classes + 1, D]],
    ['z_proj.weight', [D, channels]],
    ['z_proj.bias', [D]],
    ['diffusion_pos_embed_learned', [1, positions, D]],
    ...flowTensors(config),
  ]);
}

function flowTensors({ width: D, channels, flow }: FlowArConfig): Map<string, readonly number[]> {
  const { width: W, blocks, mlpWidth, crossAttention } = flow;
  const shapes = new Map<string, readonly number[]>();
  const matrix = (name: string, outputs: number, inputs: number) => {
    shapes.set(`flownet.${name}.weight`, [outputs, inputs]);
  };
  const layer = (name: string, outputs: number, inputs: number) => {
    matrix(name, outputs, inputs);
    shapes.set(`flownet.${name}.bias`, [outputs]);
  };
  layer('time_embed.mlp.0', W, SINUSOIDS);
  layer('time_embed.mlp.2', W, W);
  layer('cond_embed', W, D);
  layer('input_proj', W, channels);
  layer('final_layer.linear', channels, W);
  layer('final_layer.adaLN_modulation.1', 2 * W, W);
  for (let i = 0; i < blocks; i++) {
    const at = `res_blocks.${i}`;
    matrix(`${at}.attn.qkv`, 3 * W, W);
    layer(`${at}.attn.proj`, W, W);
    layer(`${at}.mlp.fc1_g`, mlpWidth, W);
    layer(`${at}.mlp.fc1_x`, mlpWidth, W);
    layer(`${at}.mlp.fc2`, W, mlpWidth);
    if (!crossAttention) {
      layer(`${at}.ada_lin`, 6 * W, W);
      continue;
    }
    matrix(`${at}.crossattn.q`, W, W);
    matrix(`${at}.crossattn.kv`, 2 * W, D);
    layer(`${at}.crossattn.proj`, W, W);
    shapes.set(`flownet.${at}.norm2_1.weight`, [W]).set(`flownet.${at}.norm2_2.weight`, [D]);
    layer(`${at}.ada_lin_attn`, 3 * W, W);
    layer(`${at}.ada_lin_mlp`, 3 * W, W);
  }
  return shapes;
}

/** Keys that graphs do not need. */
function isUnused(key: string): boolean {
  // The mask of training: at inference a scale sees all tokens before it. The frequencies of rotary positions are the same in
  // all blocks, and turned into a table by the host.
  return key === 'mask' || key.endsWith('.rope.freqs');
}

/** Throws `corrupt-checkpoint` naming the first key that is missing, misshapen or unknown. */
export function checkStateDict(index: TensorIndex, config: FlowArConfig): void {
  checkTensors(index, 'FlowAR', expectedTensors(config), isUnused);
}

/** The matrices that become 8-bit: those of the blocks, which are nearly all of the work. */
export function isQuantized(config: FlowArConfig): (key: string) => boolean {
  const stack = blockNames(config);
  const flow = Array.from({ length: config.flow.blocks }, (_, i) => `flownet.res_blocks.${i}`);
  const layers = /\.(qkv|q|kv|proj|fc1_g|fc1_x|fc2|ada_lin(\.1|_attn|_mlp)?)\.weight$/;
  const others = ['decoder_embed.weight', 'flownet.final_layer.adaLN_modulation.1.weight'];
  return (key) =>
    others.includes(key) || (layers.test(key) && [...stack, ...flow].some((name) => key.startsWith(`${name}.`)));
}
