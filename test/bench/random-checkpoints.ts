/**
 * Checkpoints with random weights in the published layouts, for timing. Weights are scaled so that activations stay sane.
 */
import { writeTorchZip } from '../../main/checkpoints/testing/write-torch-zip.ts';
import { PUBLISHED_PATCH_NUMS, type VarConfig } from '../../native-models/var/config.ts';
import { expectedTensors } from '../../native-models/var/state-dict.ts';
import { elementCount } from '../../native-models/weights/tensor-entry.ts';

const TOKENS = { 256: 680, 512: 2240 } as const;
/** The published model of this depth is for 512×512 and shares its adaLN. */
const DEPTH_OF_512 = 36;
const VOCABULARY = 4096;
const CHANNELS = 32;
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

/** Mean and deviation. */
function moments(name: string, shape: readonly number[]): [number, number] {
  if (/norm[12]?(_out)?\.weight$/.test(name)) return [1, 0.1];
  if (name.endsWith('scale_mul_1H11')) return [Math.log(4), 0];
  if (name === 'attn_bias_for_masking' || name.endsWith('zero_k_bias')) return [0, 0];
  if (name === 'head.weight') return [0, 0.1];
  if (name.includes('embedding') || name === 'quantize.ema_vocab_hit_SV') return [0, 1];
  if (/emb|pos/.test(name)) return [0, 0.3];
  if (shape.length === 1) return [0, 0.02];
  const fanIn = elementCount(shape.slice(1));
  return [0, (name.includes('ada_lin') ? 0.5 : 1) / Math.sqrt(fanIn)];
}

function tokenizerShapes(channels: number): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>([
    ['quantize.embedding.weight', [VOCABULARY, CHANNELS]],
    ['quantize.ema_vocab_hit_SV', [10, VOCABULARY]],
  ]);
  const conv = (name: string, outputs: number, inputs: number, kernel = 3) =>
    shapes.set(`${name}.weight`, [outputs, inputs, kernel, kernel]).set(`${name}.bias`, [outputs]);
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
    conv(`${name}.qkv`, 3 * width, width, 1);
    conv(`${name}.proj_out`, width, width, 1);
  };
  const widths = MULTIPLIERS.map((multiplier) => multiplier * channels);
  const lowest = widths.length - 1;
  const deep = widths[lowest] as number;
  for (let phi = 0; phi < 4; phi++) conv(`quantize.quant_resi.qresi_ls.${phi}`, CHANNELS, CHANNELS);
  conv('quant_conv', CHANNELS, CHANNELS);
  conv('post_quant_conv', CHANNELS, CHANNELS);
  conv('encoder.conv_in', channels, 3);
  conv('encoder.conv_out', CHANNELS, deep);
  conv('decoder.conv_in', deep, CHANNELS);
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
      attention(`decoder.up.${level}.attn.${block}`, width);
    }
    if (level < lowest) conv(`encoder.down.${level}.downsample.conv`, width, width);
    if (level > 0) conv(`decoder.up.${level}.upsample.conv`, width, width);
  }
  return shapes;
}

/** Normal numbers, quickly: sums of four bytes of a xorshift generator are normal enough for weights. */
class NormalNumbers {
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
