import { describe, expect, it } from 'vitest';
import { type Floats, normal, runGraph } from '../../test/support/tiny-graph.ts';
import type { Target } from '../graph/graph-builder.ts';
import { rotaryTable, rotate, spreadPositions } from './rotary.ts';

const [HEADS, SIZE, SIDE] = [2, 48, 3];
const FREQUENCIES = Float32Array.from({ length: SIZE / 4 }, (_, j) => 10_000 ** (-j / (SIZE / 4)));

it('spreads a map over the grid that the model was trained with', () => {
  const spread = spreadPositions(2, 16);
  expect(spread.map(({ row, column }) => [row, column])).toEqual([
    [0, 0],
    [0, 8],
    [8, 0],
    [8, 8],
  ]);
});

/** Pairs of neighbours as complex numbers, times e^(i·angle): rows turn the first half, columns the second. */
function reference(x: Floats, positions: ReturnType<typeof spreadPositions>): Float64Array {
  const result = new Float64Array(x.data.length);
  for (let i = 0; i < result.length; i += 2) {
    const pair = (i % SIZE) / 2;
    const { row, column } = positions[Math.floor(i / (HEADS * SIZE)) % positions.length]!;
    const angle = (pair < SIZE / 4 ? row : column) * FREQUENCIES[pair % (SIZE / 4)]!;
    const [a, b] = [x.data[i]!, x.data[i + 1]!];
    result[i] = a * Math.cos(angle) - b * Math.sin(angle);
    result[i + 1] = b * Math.cos(angle) + a * Math.sin(angle);
  }
  return result;
}

describe.each<Target>(['cpu', 'gpu'])('on the %s', (target) => {
  it('turns pairs by rows and columns', async () => {
    const positions = spreadPositions(SIDE, 16);
    const table = rotaryTable(positions, FREQUENCIES);
    const shape = [SIDE * SIDE, SIZE / 2];
    const x = normal(1, 2, SIDE * SIDE, HEADS * SIZE);
    const inputs = { x, cos: { data: table.cos, shape }, sin: { data: table.sin, shape } };
    const y = await runGraph(inputs, (g, { x, cos, sin }) => rotate(g, x!, { cos: cos!, sin: sin! }, HEADS), target);
    expect(y.shape).toEqual([2, SIDE * SIDE, HEADS, SIZE]);
    const expected = reference(x, positions);
    for (const [i, value] of expected.entries()) expect(Math.abs(y.data[i]! - value)).toBeLessThan(2e-5);
  });
});
