/**
 * Nearest-neighbour doubling followed by a 3×3 convolution, computed as four 2×2 convolutions.
 */
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { concat, conv, depthToSpace, matmul, reshape } from '../graph/ops.ts';
import { staticDim } from '../graph/shapes.ts';
import type { GraphWeights } from './graph-weights.ts';

/**
 * Where each of the three taps lands among the two source pixels that an even (0) or odd (1) output pixel sees:
 * rows are source pixels, columns are taps.
 */
const TAPS_OF_PHASE = [
  [1, 0, 0, 0, 1, 1],
  [1, 1, 0, 0, 0, 1],
] as const;

/**
 * conv3×3(nearest×2(x)), exactly, with 4 instead of 9 products a pixel: after doubling, neighbouring taps read the same
 * source pixel, so that each of the four output phases is a 2×2 convolution with summed taps.
 *
 * @param x (B, C, H, W)
 * @param name prefix of the keys `name.weight` (out, C, 3, 3) and `name.bias` (out)
 * @returns (B, out, 2H, 2W)
 */
export function upsampleConv(g: GraphBuilder, x: Value, weights: GraphWeights, name: string): Value {
  return g.scope(name, () => {
    const weight = weights.float(`${name}.weight`);
    const bias = weights.float(`${name}.bias`);
    const phases = PHASES.map(([row, column]) =>
      conv(g, x, phaseKernel(g, weight, row, column), bias, { pads: [1 - row, 1 - column, row, column] }),
    );
    return depthToSpace(g, concat(g, phases, 1), 2);
  });
}

export type Phase = 0 | 1;
export const PHASES: readonly (readonly [Phase, Phase])[] = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];

/** The summed taps of one phase: (n, 3, 3) → (n, 2, 2). */
export function phaseTaps(kernels: Float32Array, row: Phase, column: Phase): Float32Array {
  const [rows, columns] = [TAPS_OF_PHASE[row], TAPS_OF_PHASE[column]];
  const result = new Float32Array((kernels.length / 9) * 4);
  for (let i = 0; i < result.length; i++) {
    const [kernel, y, x] = [Math.floor(i / 4), (i >> 1) & 1, i & 1];
    for (let tap = 0; tap < 9; tap++) {
      const [down, across] = [Math.floor(tap / 3), tap % 3];
      result[i]! += kernels[kernel * 9 + tap]! * rows[y * 3 + down]! * columns[x * 3 + across]!;
    }
  }
  return result;
}

/** R·W·Rᵀ of each kernel, (out, in, 3, 3) → (out, in, 2, 2); the runtime computes it when the session is made. */
function phaseKernel(g: GraphBuilder, weight: Value, row: Phase, column: Phase): Value {
  const [outputs, inputs] = weight.shape.map(staticDim) as [number, number];
  const rows = g.floats(TAPS_OF_PHASE[row], 2, 3);
  const columns = g.floats(transposed(TAPS_OF_PHASE[column]), 3, 2);
  const kernels = reshape(g, weight, outputs * inputs, 3, 3);
  return reshape(g, matmul(g, matmul(g, rows, kernels), columns), outputs, inputs, 2, 2);
}

function transposed([a, b, c, d, e, f]: (typeof TAPS_OF_PHASE)[number]): number[] {
  return [a, d, b, e, c, f];
}
