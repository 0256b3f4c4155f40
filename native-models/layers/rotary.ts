/**
 * Two-dimensional rotary positions: one half of a head's numbers turns with the row of a token, the other with its column.
 * Source: EVA-02 (Fang et al., 2023) as in FlowAR `models/rope.py` (wangqiang9/FlowAR 5745a96).
 */
import type { GraphBuilder, Value } from '../graph/graph-builder.ts';
import { add, matmul, mul, reshape } from '../graph/ops.ts';
import { type Dim, staticDim } from '../graph/shapes.ts';
import { splitHeads } from './attention.ts';

/** Where a token is, on the grid that the model was trained with. */
export interface GridPosition {
  readonly row: number;
  readonly column: number;
}

/** (tokens, d/2) each, for heads of d numbers. */
export interface RotaryTable {
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

/** The tokens of a side×side map in raster order, spread over a grid of `grid` rows and columns. */
export function spreadPositions(side: number, grid: number): GridPosition[] {
  const at = (index: number) => Math.fround(Math.fround(index / side) * grid);
  return Array.from({ length: side * side }, (_, token) => ({
    row: at(Math.floor(token / side)),
    column: at(token % side),
  }));
}

/**
 * Angles in float32, as the authors' code has them.
 *
 * @param frequencies (d/4), as a checkpoint has them under `rope.freqs`
 */
export function rotaryTable(positions: readonly GridPosition[], frequencies: Float32Array): RotaryTable {
  const quarter = frequencies.length;
  const cos = new Float32Array(positions.length * 2 * quarter);
  const sin = new Float32Array(cos.length);
  for (const [token, { row, column }] of positions.entries()) {
    for (let pair = 0; pair < 2 * quarter; pair++) {
      const angle = Math.fround((pair < quarter ? row : column) * (frequencies[pair % quarter] as number));
      cos[token * 2 * quarter + pair] = Math.cos(angle);
      sin[token * 2 * quarter + pair] = Math.sin(angle);
    }
  }
  return { cos, sin };
}

/** The table as values of a graph, (L, d/2) each. */
export interface Rotary {
  readonly cos: Value;
  readonly sin: Value;
}

/** Turns each pair of neighbours (2j, 2j + 1) by its angle. (B, L, H·d) → (B, L, H, d) */
export function rotate(g: GraphBuilder, x: Value, rotary: Rotary, heads: number): Value {
  return g.target === 'cpu' ? fusedRotation(g, x, rotary, heads) : plainRotation(g, x, rotary, heads);
}

/** As one node (onnxruntime's RotaryEmbedding). */
function fusedRotation(g: GraphBuilder, x: Value, { cos, sin }: Rotary, heads: number): Value {
  const attributes = { interleaved: 1, num_heads: heads };
  const first = g.integers([0], 1);
  return splitHeads(
    g,
    g.node('RotaryEmbedding', [x, first, cos, sin], x, { domain: 'com.microsoft', attributes }),
    heads,
  );
}

/** Written out: x·cos + turned(x)·sin, where turned has (−b, a) for a pair (a, b). */
function plainRotation(g: GraphBuilder, x: Value, rotary: Rotary, heads: number): Value {
  const split = splitHeads(g, x, heads);
  const size = staticDim(split.shape[3]);
  const turned = matmul(g, split, g.floats(quarterTurns(size), size, size));
  const spread = (table: Value) => {
    const [length] = table.shape as readonly [Dim];
    const doubled = matmul(g, table, g.floats(twice(size), size / 2, size)); // (L, d)
    return reshape(g, doubled, 1, length, 1, size);
  };
  return add(g, mul(g, split, spread(rotary.cos)), mul(g, turned, spread(rotary.sin)));
}

/** (d, d): the matrix of (a, b) ↦ (−b, a). */
function quarterTurns(size: number): Float32Array {
  const matrix = new Float32Array(size * size);
  for (let pair = 0; pair < size; pair += 2) {
    matrix[(pair + 1) * size + pair] = -1;
    matrix[pair * size + pair + 1] = 1;
  }
  return matrix;
}

/** (d/2, d): each number twice. */
function twice(size: number): Float32Array {
  const matrix = new Float32Array((size / 2) * size);
  for (let i = 0; i < size; i++) matrix[(i >> 1) * size + i] = 1;
  return matrix;
}
