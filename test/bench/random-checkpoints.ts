/**
 * Checkpoints with random weights in the published layouts, for timing. Weights are scaled so that activations stay sane.
 */
import { writeTorchZip } from '../../main/checkpoints/testing/write-torch-zip.ts';
import type { FlowArConfig } from '../../native-models/flowar/config.ts';
import { expectedTensors as expectedTensorsOfFlowAr } from '../../native-models/flowar/state-dict.ts';
import { blockNames } from '../../native-models/layers/adaln-stack.ts';
import { PUBLISHED_PATCH_NUMS, type VarConfig } from '../../native-models/var/config.ts';
import { expectedTensors } from '../../native-models/var/state-dict.ts';
import { elementCount } from '../../native-models/weights/tensor-entry.ts';

const TOKENS = { 256: 680, 512: 2240 } as const;
/** The published model of this depth is for 512×512 and shares its adaLN. */
const DEPTH_OF_512 = 36;
const VOCABULARY = 4096;
const CHANNELS = 32;
const KL_CHANNELS = 128;
const MULTIPLIERS = [1, 1, 2, 2, 4];

/** var_d16.pth and its like, var_d36.pth too: width 64·depth. */
export function writeRandomTransformer(path: string, depth: number): void {
  const tokens = TOKENS[depth === DEPTH_OF_512 ? 512 : 256];
  const patchNums = PUBLISHED_PATCH_NUMS[tokens] as readonly number[];
  const config: VarConfig = {
    depth,
    width: 64 * depth,
    heads: depth,
    classes: 1000,
    vocabulary: VOCABULARY,
    latentChannels: CHANNELS,
    tokens,
    scales: patchNums.length,
    sharedAdaLn: depth === DEPTH_OF_512,
    normalizedAttention: true,
  };
  const random = new NormalNumbers(1);
  const levels = BigInt64Array.from(patchNums.flatMap((side, level) => new Array(side * side).fill(BigInt(level))));
  const masks = new Map([['attn_bias_for_masking', [1, 1, tokens, tokens]]]);
  const tensors = [...expectedTensors(config), ...masks].map(([name, shape]) =>
    name === 'lvl_1L'
      ? { name, type: 'i64' as const, shape, bytes: new Uint8Array(levels.buffer) }
      : { name, type: 'f32' as const, shape, bytes: () => random.fill(elementCount(shape), ...moments(name, shape)) },
  );
  writeTorchZip(path, tensors);
}

/** vae_ch160v4096z32.pth and its like. */
export function writeRandomTokenizer(path: string, channels: number): void {
  const random = new NormalNumbers(2);
  const tensors = [...tokenizerShapes(channels)].map(([name, shape]) => ({
    name,
    type: 'f32' as const,
    shape,
    bytes: () => random.fill(elementCount(shape), ...moments(name, shape)),
  }));
  writeTorchZip(path, tensors);
}

/** FlowAR-S.pth. */
export function writeRandomFlowAr(path: string): void {
  const config: FlowArConfig = {
    encoderBlocks: 6,
    decoderBlocks: 6,
    width: 768,
    heads: 12,
    mlpWidth: 2048,
    positions: 341,
    classes: 1000,
    channels: 16,
    sides: [1, 2, 4, 8, 16],
    flow: { blocks: 2, width: 1024, heads: 16, mlpWidth: 2730, crossAttention: false },
  };
  const random = new NormalNumbers(3);
  const blocks = [...blockNames(config), 'flownet.res_blocks.0', 'flownet.res_blocks.1'];
  const frequencies = Float32Array.from({ length: 16 }, (_, j) => 10_000 ** (-j / 16));
  const tensors = [...expectedTensorsOfFlowAr(config), ['mask', [1, 1, 341, 341]] as const].map(([name, shape]) => ({
    name,
    type: 'f32' as const,
    shape,
    bytes: () => random.fill(elementCount(shape), ...moments(name, shape)),
  }));
  const buffers = blocks.map((name) => ({
    name: `${name}.attn.rope.freqs`,
    type: 'f32' as const,
    shape: [16],
    bytes: new Uint8Array(frequencies.buffer),
  }));
  writeTorchZip(path, [...tensors, ...buffers]);
}

/** kl16.ckpt. */
export function writeRandomKl(path: string): void {
  const random = new NormalNumbers(4);
  const tensors = [...klShapes(KL_CHANNELS)].map(([name, shape]) => ({
    name,
    type: 'f32' as const,
    shape,
    bytes: () => random.fill(elementCount(shape), ...moments(name, shape)),
  }));
  writeTorchZip(path, tensors, { root: ['model'] });
}

/** Mean and deviation. */
function moments(name: string, shape: readonly number[]): [number, number] {
  if (/(norm[12]?(_out|_1|_2)?|z_proj_ln)\.weight$/.test(name)) return [1, 0.1];
  if (name.endsWith('scale_mul_1H11')) return [Math.log(4), 0];
  if (name === 'mask' || name === 'attn_bias_for_masking' || name.endsWith('zero_k_bias')) return [0, 0];
  if (name === 'head.weight') return [0, 0.1];
  if (name.includes('embedding') || name === 'quantize.ema_vocab_hit_SV') return [0, 1];
  if (/emb|pos/.test(name)) return [0, 0.3];
  if (shape.length === 1) return [0, 0.02];
  const fanIn = elementCount(shape.slice(1));
  return [0, (name.includes('ada_lin') ? 0.5 : 1) / Math.sqrt(fanIn)];
}

function tokenizerShapes(channels: number): Map<string, readonly number[]> {
  const layout = { latent: CHANNELS, moments: CHANNELS, kernel: 3, attention: ['qkv'], attendUp: true };
  const shapes = autoencoderShapes(channels, layout);
  shapes.set('quantize.embedding.weight', [VOCABULARY, CHANNELS]);
  shapes.set('quantize.ema_vocab_hit_SV', [10, VOCABULARY]);
  for (let phi = 0; phi < 4; phi++) {
    const name = `quantize.quant_resi.qresi_ls.${phi}`;
    shapes.set(`${name}.weight`, [CHANNELS, CHANNELS, 3, 3]).set(`${name}.bias`, [CHANNELS]);
  }
  return shapes;
}

function klShapes(channels: number): Map<string, readonly number[]> {
  const layout = { latent: 16, moments: 32, kernel: 1, attention: ['q', 'k', 'v'], attendUp: false };
  return autoencoderShapes(channels, layout);
}

interface AutoencoderLayout {
  /** Channels of the latent, and of what the encoder gives. */
  readonly latent: number;
  readonly moments: number;
  /** Side of the convolutions around the latent. */
  readonly kernel: number;
  /** Convolutions that make queries, keys and values. */
  readonly attention: readonly string[];
  readonly attendUp: boolean;
}

function autoencoderShapes(channels: number, layout: AutoencoderLayout): Map<string, readonly number[]> {
  const { latent, moments, kernel } = layout;
  const shapes = new Map<string, readonly number[]>();
  const conv = (name: string, outputs: number, inputs: number, side = 3) =>
    shapes.set(`${name}.weight`, [outputs, inputs, side, side]).set(`${name}.bias`, [outputs]);
  const norm = (name: string, width: number) => shapes.set(`${name}.weight`, [width]).set(`${name}.bias`, [width]);
  const residual = (name: string, inputs: number, outputs: number) => {
    norm(`${name}.norm1`, inputs);
    conv(`${name}.conv1`, outputs, inputs);
    norm(`${name}.norm2`, outputs);
    conv(`${name}.conv2`, outputs, outputs);
    if (inputs !== outputs) conv(`${name}.nin_shortcut`, outputs, inputs, 1);
  };
  const attention = (name: string, width: number) => {
    norm(`${name}.norm`, width);
    for (const part of layout.attention) conv(`${name}.${part}`, (3 / layout.attention.length) * width, width, 1);
    conv(`${name}.proj_out`, width, width, 1);
  };
  const widths = MULTIPLIERS.map((multiplier) => multiplier * channels);
  const lowest = widths.length - 1;
  const deep = widths[lowest] as number;
  conv('quant_conv', moments, moments, kernel);
  conv('post_quant_conv', latent, latent, kernel);
  conv('encoder.conv_in', channels, 3);
  conv('encoder.conv_out', moments, deep);
  conv('decoder.conv_in', deep, latent);
  conv('decoder.conv_out', 3, channels);
  norm('encoder.norm_out', deep);
  norm('decoder.norm_out', channels);
  for (const side of ['encoder', 'decoder']) {
    residual(`${side}.mid.block_1`, deep, deep);
    attention(`${side}.mid.attn_1`, deep);
    residual(`${side}.mid.block_2`, deep, deep);
  }
  for (const [level, width] of widths.entries()) {
    const below = widths[Math.max(0, level - 1)] as number;
    const above = widths[Math.min(lowest, level + 1)] as number;
    for (let block = 0; block < 3; block++) {
      if (block < 2) residual(`encoder.down.${level}.block.${block}`, block === 0 ? below : width, width);
      residual(`decoder.up.${level}.block.${block}`, block === 0 ? above : width, width);
      if (level < lowest) continue;
      if (block < 2) attention(`encoder.down.${level}.attn.${block}`, width);
      if (layout.attendUp) attention(`decoder.up.${level}.attn.${block}`, width);
    }
    if (level < lowest) conv(`encoder.down.${level}.downsample.conv`, width, width);
    if (level > 0) conv(`decoder.up.${level}.upsample.conv`, width, width);
  }
  return shapes;
}

/** Normal numbers, quickly: sums of four bytes of a xorshift generator are normal enough for weights. */
export class NormalNumbers {
  #state: number;

  constructor(seed: number) {
    this.#state = seed * 2654435761;
  }

  fill(count: number, mean: number, deviation: number): Uint8Array {
    const values = new Float32Array(count);
    if (deviation === 0) return new Uint8Array(values.fill(mean).buffer);
    const factor = deviation / Math.sqrt((4 * (256 ** 2 - 1)) / 12);
    let x = this.#state;
    for (let i = 0; i < count; i++) {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      const sum = (x & 255) + ((x >> 8) & 255) + ((x >> 16) & 255) + ((x >> 24) & 255);
      values[i] = mean + (sum - 510) * factor;
    }
    this.#state = x;
    return new Uint8Array(values.buffer);
  }
}
