/**
 * Encoder and decoder of latent-diffusion autoencoders as graphs: the VQVAE of VAR, KL-16 of MAR, FlowAR and xAR, and Infinity's
 * BSQ-VAE. Attention, and the 1×1 convolutions beside the latent, are there where the checkpoint has them.
 * Source: FoundationVision/VAR `models/basic_vae.py`, `models/vqvae.py` (commit 78b9539); LTH14/mar `models/vae.py` (fe470ac);
 * FoundationVision/Infinity `infinity/models/bsq_vae/flux_vqgan.py` (4c27bbb).
 */
import { GraphBuilder, type Target, type Value } from '../graph/graph-builder.ts';
import type { OnnxModel } from '../graph/onnx-model.ts';
import { silu } from '../graph/ops.ts';
import { conv2d } from '../layers/conv2d.ts';
import { GraphWeights } from '../layers/graph-weights.ts';
import { groupNorm } from '../layers/group-norm.ts';
import { quantizedUpsampleConv, STRAIN } from '../layers/quantized-conv.ts';
import { attentionBlock, residualBlock } from '../layers/residual-block.ts';
import { upsampleConv } from '../layers/upsample-conv.ts';
import { type AutoencoderWeights, downsampling } from './autoencoder-config.ts';
import type { TokenGrid } from './token-grid.ts';

const ENCODER_BLOCKS = 2;
const DECODER_BLOCKS = 3;

/**
 * `image` (1, 3, H, W) in [−1, 1] → `latent` (1, Z', rows, columns), where H and W are the grid's times the downsampling. Z' is Z, or
 * 2·Z for the mean and the logarithm of the variance.
 */
export function buildEncoder(
  target: Target,
  { index, config }: AutoencoderWeights,
  { rows, columns }: TokenGrid,
): OnnxModel {
  const g = new GraphBuilder('autoencoder/encoder', target);
  const factor = downsampling(config);
  const image = g.input('image', 'float32', [1, 3, rows * factor, columns * factor]);
  const root = new GraphWeights(g, index);
  const encoded = root.under('encoder', (weights) => encode(g, image, weights, config.levels));
  g.output('latent', conv2dIfThere(g, encoded, root, 'quant_conv'));
  return g.build();
}

function conv2dIfThere(g: GraphBuilder, x: Value, weights: GraphWeights, name: string): Value {
  return weights.has(`${name}.weight`) ? conv2d(g, x, weights, name) : x;
}

function encode(g: GraphBuilder, image: Value, weights: GraphWeights, levels: number): Value {
  let h = conv2d(g, image, weights, 'conv_in');
  for (let level = 0; level < levels; level++) {
    h = weights.under(`down.${level}`, (down) => {
      let x = blocksWithAttention(g, h, down, ENCODER_BLOCKS);
      if (level < levels - 1) {
        x = conv2d(g, x, down, 'downsample.conv', { stride: 2, pads: [0, 0, 1, 1] });
      }
      return x;
    });
  }
  h = weights.under('mid', (mid) => middle(g, h, mid));
  return conv2d(g, silu(g, groupNorm(g, h, weights, 'norm_out')), weights, 'conv_out');
}

/**
 * `latent` (1, Z, rows, columns) → `image` (1, 3, H, W), about [−1, 1] and not clamped. A decoder with 8-bit convolutions also says
 * its `strain` (): how far inputs of its convolutions reach beyond 8 bits, at most 1 where all fit.
 */
export function buildDecoder(
  target: Target,
  { index, config }: AutoencoderWeights,
  { rows, columns }: TokenGrid,
): OnnxModel {
  const g = new GraphBuilder('autoencoder/decoder', target);
  const latent = g.input('latent', 'float32', [1, config.latentChannels, rows, columns]);
  const root = new GraphWeights(g, index);
  const h = conv2dIfThere(g, latent, root, 'post_quant_conv');
  g.output(
    'image',
    root.under('decoder', (weights) => decode(g, h, weights, config.levels)),
  );
  const strains = g.noted(STRAIN);
  if (strains.length > 0) g.output('strain', g.node('Max', strains, { type: 'float32', shape: [] }));
  return g.build();
}

function decode(g: GraphBuilder, latent: Value, weights: GraphWeights, levels: number): Value {
  let h = conv2d(g, latent, weights, 'conv_in');
  h = weights.under('mid', (mid) => middle(g, h, mid));
  for (let level = levels - 1; level >= 0; level--) {
    h = weights.under(`up.${level}`, (up) => {
      const x = blocksWithAttention(g, h, up, DECODER_BLOCKS);
      return level > 0 ? upsample(g, x, up) : x;
    });
  }
  return conv2d(g, silu(g, groupNorm(g, h, weights, 'norm_out')), weights, 'conv_out');
}

function upsample(g: GraphBuilder, x: Value, level: GraphWeights): Value {
  const quantized = level.has('upsample.conv.phase.00.weight');
  return (quantized ? quantizedUpsampleConv : upsampleConv)(g, x, level, 'upsample.conv');
}

function middle(g: GraphBuilder, x: Value, mid: GraphWeights): Value {
  let h = mid.under('block_1', (block) => residualBlock(g, x, block));
  if (mid.has('attn_1.norm.weight')) h = mid.under('attn_1', (attention) => attentionBlock(g, h, attention));
  return mid.under('block_2', (block) => residualBlock(g, h, block));
}

/** Residual blocks, each followed by attention where the checkpoint has it (the lowest level). */
function blocksWithAttention(g: GraphBuilder, x: Value, level: GraphWeights, count: number): Value {
  let h = x;
  for (let i = 0; i < count; i++) {
    h = level.under(`block.${i}`, (block) => residualBlock(g, h, block));
    if (level.has(`attn.${i}.norm.weight`)) {
      h = level.under(`attn.${i}`, (attention) => attentionBlock(g, h, attention));
    }
  }
  return h;
}
