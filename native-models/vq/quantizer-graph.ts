/**
 * The residual quantizer's two steps as graphs. One graph serves all scales: resampling matrices are inputs.
 * Source: VAR paper, algorithms 1 and 2; FoundationVision/VAR `models/quant.py` (commit 78b9539).
 */
import { GraphBuilder, type Target, type Value } from '../graph/graph-builder.ts';
import type { OnnxModel } from '../graph/onnx-model.ts';
import {
  add,
  argMin,
  concat,
  conv,
  gather,
  matmul,
  reshape,
  scale,
  sub,
  sumOfSquares,
  transpose,
} from '../graph/ops.ts';
import { GraphWeights } from '../layers/graph-weights.ts';
import type { VqConfig, VqWeights } from './config.ts';

/** φ(h) = (1 − r)·h + r·conv(h). */
const RESIDUAL_RATIO = 0.5;

/**
 * Adds one scale to the latent, and brings the latent to the next scale's size.
 *
 * Inputs: `codes` (pn, pn, Z); `up` (P, pn); `phi` (1), index of the residual convolution; `latent` (1, Z, P, P), the f_hat
 * so far; `down` (next, P). Outputs: `sum` (1, Z, P, P), f_hat after this scale; `next` (next², Z).
 */
export function buildAccumulate(target: Target, { index, config }: VqWeights, size: number): OnnxModel {
  const g = new GraphBuilder('vq/accumulate', target);
  const { latentChannels: z } = config;
  const codes = g.input('codes', 'float32', ['pn', 'pn', z]);
  const up = g.input('up', 'float32', [size, 'pn']);
  const phi = g.input('phi', 'int64', [1]);
  const latent = g.input('latent', 'float32', [1, z, size, size]);
  const down = g.input('down', 'float32', ['next', size]);

  const planes = transpose(g, codes, 2, 0, 1); // (Z, pn, pn)
  const raised = reshape(g, resample(g, up, planes), 1, z, size, size);
  const sum = add(g, latent, residualConv(g, raised, new GraphWeights(g, index), config, phi));
  g.output('sum', sum);

  const lowered = resample(g, down, reshape(g, sum, z, size, size)); // (Z, next, next)
  g.output('next', reshape(g, transpose(g, lowered, 1, 2, 0), 'next²', z));
  return g.build();
}

/** P·X·Pᵀ on each plane: (to, from) and (Z, from, from) → (Z, to, to). */
function resample(g: GraphBuilder, matrix: Value, planes: Value): Value {
  return matmul(g, matmul(g, matrix, planes), transpose(g, matrix, 1, 0));
}

/**
 * The convolutions of all φ at once, of which one is taken. They are small; and a convolution whose kernel is not known when the
 * session is made sums in an order that depends on the number of threads.
 */
function residualConv(g: GraphBuilder, h: Value, weights: GraphWeights, config: VqConfig, phi: Value): Value {
  const { latentChannels: z, phiCount } = config;
  const [, , height, width] = h.shape as [number, number, number, number];
  const parts = (key: string) =>
    concat(
      g,
      Array.from({ length: phiCount }, (_, n) => weights.float(`quantize.quant_resi.qresi_ls.${n}.${key}`)),
      0,
    );
  const all = conv(g, h, parts('weight'), parts('bias'), { pads: [1, 1, 1, 1] }); // (1, φ·Z, P, P)
  const convolved = gather(g, reshape(g, all, phiCount, z, height, width), phi); // (1, Z, P, P)
  return add(g, scale(g, h, 1 - RESIDUAL_RATIO), scale(g, convolved, RESIDUAL_RATIO));
}

/**
 * The codes nearest to what is left of a latent.
 *
 * Inputs: `target` (1, Z, P, P), the encoder's latent; `latent` (1, Z, P, P), the f_hat so far; `down` (pn, P).
 * Output: `tokens` (pn²), the first of equally near codes.
 */
export function buildNearestCode(target: Target, { index, config }: VqWeights, size: number): OnnxModel {
  const g = new GraphBuilder('vq/nearest-code', target);
  const { latentChannels: z, vocabulary } = config;
  const goal = g.input('target', 'float32', [1, z, size, size]);
  const latent = g.input('latent', 'float32', [1, z, size, size]);
  const down = g.input('down', 'float32', ['pn', size]);
  const codebook = new GraphWeights(g, index).float('quantize.embedding.weight'); // (V, Z)

  const rest = resample(g, down, reshape(g, sub(g, goal, latent), z, size, size)); // (Z, pn, pn)
  const points = reshape(g, transpose(g, rest, 1, 2, 0), 'pn²', z);
  const codeNorms = reshape(g, sumOfSquares(g, codebook), 1, vocabulary);
  const products = matmul(g, points, transpose(g, codebook, 1, 0)); // (pn², V)
  const distances = sub(g, add(g, sumOfSquares(g, points), codeNorms), scale(g, products, 2));
  g.output('tokens', argMin(g, distances));
  return g.build();
}
