import { describe, expect, it } from 'vitest';
import { type Doubles, expectNear, standardized } from '../../test/support/float64-reference.ts';
import { type Floats, filled, normal, runGraph } from '../../test/support/tiny-graph.ts';
import { GraphBuilder, type Value } from './graph-builder.ts';
import * as ops from './ops.ts';
import { GraphError } from './shapes.ts';

const run = (x: Floats, build: (g: GraphBuilder, x: Value) => Value) => runGraph({ x }, (g, { x }) => build(g, x!));
const like = ({ shape }: Floats, data: ArrayLike<number>): Doubles => ({ data: Float64Array.from(data), shape });

describe('element by element', () => {
  const x = filled([-30, -3, -0.5, 0, 0.25, 2, 30], 7);
  const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));
  it.each<[string, (g: GraphBuilder, x: Value) => Value, (v: number) => number]>([
    ['silu', ops.silu, (v) => v * sigmoid(v)],
    ['sigmoid', ops.sigmoid, sigmoid],
    ['geluTanh', ops.geluTanh, (v) => (v / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3)))],
    ['exp', (g, v) => ops.exp(g, ops.scale(g, v, 0.1)), (v) => Math.exp(v * 0.1)],
    ['atMost', (g, v) => ops.atMost(g, v, 0.5), (v) => Math.min(v, 0.5)],
    ['clamp', (g, v) => ops.clamp(g, v, -1, 1), (v) => Math.max(-1, Math.min(1, v))],
    ['sub', (g, v) => ops.sub(g, v, g.floats([1])), (v) => v - 1],
  ])('%s', async (_, build, reference) => {
    expectNear(await run(x, build), like(x, Array.from(x.data, reference)), 1e-5);
  });

  it('refuses operands of two types', () => {
    const g = new GraphBuilder('g', 'cpu');
    const [x, i] = [g.input('x', 'float32', [1]), g.input('i', 'int64', [1])];
    expect(() => ops.add(g, x, i)).toThrow('Add: x is float32, i is int64.');
  });
});

describe('along the last axis', () => {
  it.each([0, 50])('layerNorm has mean 0 and deviation 1, around a mean of %d', async (mean) => {
    const base = normal(1, 3, 4, 32);
    const x = { ...base, data: base.data.map((value) => value * 2 + mean) };
    const y = await run(x, (g, x) => ops.layerNorm(g, x, 1e-6));
    expectNear(y, like(x, standardized(x.data, 32, 1e-6)), mean === 0 ? 2e-6 : 1e-4);
  });

  it('softmax sums to 1 and takes large numbers', async () => {
    const y = await run(filled([1000, 1000, -1000, 0, 0, 0], 2, 3), ops.softmax);
    expectNear(y, { data: Float64Array.of(0.5, 0.5, 0, 1 / 3, 1 / 3, 1 / 3), shape: [2, 3] }, 1e-6);
  });

  it('sumOfSquares and mean keep the axis', async () => {
    const x = filled([1, 2, 3, 4], 2, 2);
    expect(await run(x, ops.sumOfSquares)).toEqual(filled([5, 25], 2, 1));
    expect(await run(x, (g, x) => ops.mean(g, x, 0, 1))).toEqual(filled([2.5], 1, 1));
  });

  it('argMin takes the first of equals', async () => {
    const y = await run(filled([3, 1, 1, -2, 5, -2], 2, 3), (g, x) => ops.cast(g, ops.argMin(g, x), 'float32'));
    expect(y).toEqual(filled([1, 0], 2));
  });
});

describe('layout', () => {
  const x = filled([1, 2, 3, 4, 5, 6], 2, 3);

  it('transposes', async () => {
    expect(await run(x, (g, x) => ops.transpose(g, x, 1, 0))).toEqual(filled([1, 4, 2, 5, 3, 6], 3, 2));
  });

  it('slices', async () => {
    expect(await run(x, (g, x) => ops.slice(g, x, -1, 1, 3))).toEqual(filled([2, 3, 5, 6], 2, 2));
  });

  it('splits and joins in another order', async () => {
    const y = await run(x, (g, x) => ops.concat(g, ops.split(g, x, 3, 1).reverse(), -1));
    expect(y).toEqual(filled([3, 2, 1, 6, 5, 4], 2, 3));
  });

  it('gathers rows', async () => {
    expect(await run(x, (g, x) => ops.gather(g, x, g.integers([1, 0, 1], 3)))).toEqual(
      filled([4, 5, 6, 1, 2, 3, 4, 5, 6], 3, 3),
    );
  });

  it('moves channels into space', async () => {
    const channels = filled([1, 2, 3, 4], 1, 4, 1, 1);
    expect(await run(channels, (g, x) => ops.depthToSpace(g, x, 2))).toEqual(filled([1, 2, 3, 4], 1, 1, 2, 2));
  });

  it('multiplies matrices, the lead broadcast', async () => {
    const y = await run(x, (g, x) => ops.matmul(g, x, g.floats([1, 0, 0, 1, 1, 1, 2, 0, 0, 2, 0, 0], 2, 3, 2)));
    expect(y).toEqual(filled([4, 5, 10, 11, 2, 4, 8, 10], 2, 2, 2));
  });
});

it.each<[string, (g: GraphBuilder, x: Value) => Value | Value[]]>([
  ['transpose', (g, x) => ops.transpose(g, x, 0)],
  ['concat of other sizes', (g, x) => ops.concat(g, [x, g.floats([1, 2], 1, 2)], 0)],
  ['concat of nothing', (g) => ops.concat(g, [], 0)],
  ['split', (g, x) => ops.split(g, x, 2, 1)],
  ['matmul', (g, x) => ops.matmul(g, x, x)],
  ['gemm', (g, x) => ops.gemm(g, x, g.floats([1, 2], 1, 2))],
  ['conv', (g, x) => ops.conv(g, ops.reshape(g, x, 1, 6, 1, 1), g.floats([1], 1, 1, 1, 1), undefined)],
  ['reshape', (g, x) => ops.reshape(g, x, 4)],
])('%s that does not fit is refused while the graph is built', (_, build) => {
  const g = new GraphBuilder('g', 'cpu');
  const x = g.input('x', 'float32', [2, 3]);
  expect(() => build(g, x)).toThrow(GraphError);
});
