/**
 * 3×3 convolutions by Winograd's minimal filtering: 36 instead of 144 products for 4×4 pixels.
 * Source: Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", arXiv 1509.09308, F(4×4, 3×3).
 */
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { add, concat, conv, matmul, reshape, slice, transpose, transposedConv } from '../graph/ops.ts';
import { staticDim } from '../graph/shapes.ts';

/** Side of an output tile, and of the input tile that it needs. */
const TILE = 4;
const PATCH = 6;
const POINTS = PATCH ** 2;
/** Output tiles that are computed at once. */
const LARGEST_BAND = 4096;

/** Bᵀ, G and Aᵀ of the paper: an input patch is Bᵀ·d·B, a kernel G·g·Gᵀ, and an output tile Aᵀ·m·A. */
const INPUT_TRANSFORM = [
  [4, 0, -5, 0, 1, 0],
  [0, -4, -4, 1, 1, 0],
  [0, 4, -4, -1, 1, 0],
  [0, -2, -1, 2, 1, 0],
  [0, 2, -1, -2, 1, 0],
  [0, 4, 0, -5, 0, 1],
];
const KERNEL_TRANSFORM = [
  [1 / 4, 0, 0],
  [-1 / 6, -1 / 6, -1 / 6],
  [-1 / 6, 1 / 6, -1 / 6],
  [1 / 24, 1 / 12, 1 / 6],
  [1 / 24, -1 / 12, 1 / 6],
  [0, 0, 1],
];
const OUTPUT_TRANSFORM = [
  [1, 1, 1, 1, 1, 0],
  [0, 1, -1, 2, -2, 0],
  [0, 1, 1, 4, 4, 0],
  [0, 1, -1, 8, -8, 1],
];

/**
 * conv3×3(x) with one pixel of zeros around it. Within 4e−5 of the plain sum, relative to the deviation of the output.
 *
 *   x ── patches Bᵀ·d·B (in, 36, T) ──┐
 *                                     ├─ 36 matrix products (36, out, T) ── tiles Aᵀ·m·A ── + bias
 *   W ── G·g·Gᵀ (36, out, in) ────────┘
 *
 * Large images are done in bands of rows, as the points take 2.25 times the memory of the pixels, four times over.
 *
 * @param x (1, in, H, W), H and W multiples of 4
 * @param weight (out, in, 3, 3)
 * @param bias (out)
 * @returns (1, out, H, W)
 */
export function winogradConv(g: GraphBuilder, x: Value, weight: Value, bias: Value): Value {
  const [, , height, width] = x.shape.map(staticDim) as [number, number, number, number];
  const kernels = transformedKernels(g, weight);
  const rows = Math.max(TILE, Math.floor((LARGEST_BAND * TILE) / width) * TILE);
  const bands = Array.from({ length: Math.ceil(height / rows) }, (_, i) =>
    convBand(g, x, kernels, i * rows, Math.min((i + 1) * rows, height)),
  );
  const joined = bands.length === 1 ? (bands[0] as Value) : concat(g, bands, 2);
  return add(g, joined, reshape(g, bias, 1, staticDim(weight.shape[0]), 1, 1));
}

/** Rows `top` … `bottom` − 1 of the result: (1, out, bottom − top, W). */
function convBand(g: GraphBuilder, x: Value, kernels: Value, top: number, bottom: number): Value {
  const [, inputs, height, width] = x.shape.map(staticDim) as [number, number, number, number];
  const outputs = staticDim(kernels.shape[1]);
  const [above, below] = [top === 0 ? 1 : 0, bottom === height ? 1 : 0]; // zeros; elsewhere the neighbouring band's pixels
  const source = above && below ? x : slice(g, x, 2, top - 1 + above, bottom + 1 - below);
  const planes = reshape(g, source, inputs, 1, staticDim(source.shape[2]), width);
  const patches = conv(g, planes, patchKernels(g), undefined, { stride: TILE, pads: [above, 1, below, 1] });
  const [rows, columns] = [(bottom - top) / TILE, width / TILE];
  const points = transpose(g, reshape(g, patches, inputs, POINTS, rows * columns), 1, 0, 2);
  const products = transpose(g, matmul(g, kernels, points), 1, 0, 2); // (out, 36, T)
  const tiles = transposedConv(g, reshape(g, products, outputs, POINTS, rows, columns), tileKernels(g), TILE);
  return reshape(g, tiles, 1, outputs, bottom - top, width);
}

/** Whether {@link winogradConv} can take an image, and is the quicker way on this target. */
export function suitsWinograd(g: GraphBuilder, x: Value, weight: Value): boolean {
  const [batch, , height, width] = x.shape;
  if (g.target !== 'cpu' || weight.shape[2] !== 3 || batch !== 1) return false;
  return [height, width].every((size) => typeof size === 'number' && size % TILE === 0 && size >= SMALLEST);
}

/** Below this side, the plain convolution is as quick. */
const SMALLEST = 64;

/** (36, 1, 6, 6): one kernel for each of the 36 numbers of Bᵀ·d·B. */
function patchKernels(g: GraphBuilder): Value {
  return g.floats(kronecker(INPUT_TRANSFORM, INPUT_TRANSFORM).flat(), POINTS, 1, PATCH, PATCH);
}

/** (36, 1, 4, 4): the tile that each of the 36 numbers of m adds to. */
function tileKernels(g: GraphBuilder): Value {
  return g.floats(transposed(kronecker(OUTPUT_TRANSFORM, OUTPUT_TRANSFORM)).flat(), POINTS, 1, TILE, TILE);
}

/** G·g·Gᵀ of each kernel: (out, in, 3, 3) → (36, out, in); the runtime computes it when the session is made. */
function transformedKernels(g: GraphBuilder, weight: Value): Value {
  const [outputs, inputs] = weight.shape as readonly [number, number];
  const transform = g.floats(transposed(kronecker(KERNEL_TRANSFORM, KERNEL_TRANSFORM)).flat(), 9, POINTS);
  const kernels = matmul(g, reshape(g, weight, outputs * inputs, 9), transform);
  return reshape(g, transpose(g, kernels, 1, 0), POINTS, outputs, inputs);
}

/** The matrix of X ↦ a·X·bᵀ over flattened X. */
function kronecker(a: readonly number[][], b: readonly number[][]): number[][] {
  return a.flatMap((left) => b.map((right) => left.flatMap((factor) => right.map((value) => factor * value))));
}

function transposed(matrix: readonly number[][]): number[][] {
  return (matrix[0] as number[]).map((_, column) => matrix.map((row) => row[column] as number));
}
