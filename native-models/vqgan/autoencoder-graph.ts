/**
 * Encoder and decoder of VQ-8 and VQ-16 as graphs.
 * Source: FoundationVision/LlamaGen `tokenizer/tokenizer_image/vq_model.py` (commit ce98ec4).
 */
import type { TokenGrid } from '../autoencoder/token-grid.ts';
import { GraphBuilder, type Target, type Value } from '../graph/graph-builder.ts';
import type { OnnxModel } from '../graph/onnx-model.ts';
import { argMin, matmul, reshape, scale, silu, transpose } from '../graph/ops.ts';
import { l2Normalize } from '../layers/attention.ts';
import { conv2d } from '../layers/conv2d.ts';
import { GraphWeights } from '../layers/graph-weights.ts';
import { groupNorm } from '../layers/group-norm.ts';
import { quantizedUpsampleConv } from '../layers/quantized-conv.ts';
import { attentionBlock, residualBlock } from '../layers/residual-block.ts';
import { upsampleConv } from '../layers/upsample-conv.ts';
import { downsampling, type VqganWeights } from './config.ts';

const ENCODER_BLOCKS = 2;
const DECODER_BLOCKS = 3;

/**
 * Input: `image` (1, 3, H, W) in [−1, 1]. Outputs: `latent` (1, Z, rows, columns); `tokens` (rows·columns), for each pixel of it the
 * code in whose direction it points.
 */
export function buildEncoder(target: Target, { index, config }: VqganWeights, { rows, columns }: TokenGrid): OnnxModel {
  const g = new GraphBuilder('vqgan/encoder', target);
  const factor = downsampling(config);
  const { codeChannels: z, levels } = config;
  const image = g.input('image', 'float32', [1, 3, rows * factor, columns * factor]);
  const root = new GraphWeights(g, index);
  const encoded = root.under('encoder', (weights) => encode(g, image, weights, levels));
  const latent = conv2d(g, encoded, root, 'quant_conv');
  g.output('latent', latent);
  const points = l2Normalize(g, transpose(g, reshape(g, latent, z, rows * columns), 1, 0)); // (N, Z)
  const codes = l2Normalize(g, root.float('quantize.embedding.weight')); // (V, Z)
  // Among vectors of length 1 the nearest is the one with the largest product.
  g.output('tokens', argMin(g, scale(g, matmul(g, points, transpose(g, codes, 1, 0)), -1)));
  return g.build();
}

function encode(g: GraphBuilder, image: Value, weights: GraphWeights, levels: number): Value {
  let h = conv2d(g, image, weights, 'conv_in');
  for (let level = 0; level < levels; level++) {
    h = weights.under(`conv_blocks.${level}`, (blocks) => {
      const x = blocksWithAttention(g, h, blocks, ENCODER_BLOCKS);
      if (level === levels - 1) return x;
      return conv2d(g, x, blocks, 'downsample.conv', { stride: 2, pads: [0, 0, 1, 1] });
    });
  }
  h = weights.under('mid', (mid) => middle(g, h, mid));
  return conv2d(g, silu(g, groupNorm(g, h, weights, 'norm_out')), weights, 'conv_out');
}

/** `latent` (1, Z, rows, columns) of codes of length 1 → `image` (1, 3, H, W), about [−1, 1] and not clamped. */
export function buildDecoder(target: Target, { index, config }: VqganWeights, { rows, columns }: TokenGrid): OnnxModel {
  const g = new GraphBuilder('vqgan/decoder', target);
  const latent = g.input('latent', 'float32', [1, config.codeChannels, rows, columns]);
  const root = new GraphWeights(g, index);
  const h = conv2d(g, latent, root, 'post_quant_conv');
  const image = root.under('decoder', (weights) => decode(g, h, weights, config.levels));
  g.output('image', image);
  return g.build();
}

function decode(g: GraphBuilder, latent: Value, weights: GraphWeights, levels: number): Value {
  let h = conv2d(g, latent, weights, 'conv_in');
  h = weights.under('mid', (mid) => middle(g, h, mid));
  for (let level = 0; level < levels; level++) {
    h = weights.under(`conv_blocks.${level}`, (blocks) => {
      const x = blocksWithAttention(g, h, blocks, DECODER_BLOCKS);
      return level < levels - 1 ? upsample(g, x, blocks) : x;
    });
  }
  return conv2d(g, silu(g, groupNorm(g, h, weights, 'norm_out')), weights, 'conv_out');
}

function upsample(g: GraphBuilder, x: Value, level: GraphWeights): Value {
  const quantized = level.has('upsample.conv.phase.00.weight');
  return (quantized ? quantizedUpsampleConv : upsampleConv)(g, x, level, 'upsample.conv');
}

function middle(g: GraphBuilder, x: Value, mid: GraphWeights): Value {
  let h = mid.under('0', (block) => residualBlock(g, x, block));
  h = mid.under('1', (attention) => attentionBlock(g, h, attention));
  return mid.under('2', (block) => residualBlock(g, h, block));
}

/** Residual blocks, each followed by attention where the checkpoint has it (the lowest level). */
function blocksWithAttention(g: GraphBuilder, x: Value, level: GraphWeights, count: number): Value {
  let h = x;
  for (let i = 0; i < count; i++) {
    h = level.under(`res.${i}`, (block) => residualBlock(g, h, block));
    if (level.has(`attn.${i}.norm.weight`)) {
      h = level.under(`attn.${i}`, (attention) => attentionBlock(g, h, attention));
    }
  }
  return h;
}
