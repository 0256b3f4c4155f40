import { describe, expect, it } from 'vitest';
import { readFloats, readIntegers } from '../../main/checkpoints/read-tensor.ts';
import { applyLinear, expectNear } from '../../test/support/float64-reference.ts';
import { checkpoint, derivedCheckpoint, type Floats, normal, runGraph } from '../../test/support/tiny-graph.ts';
import { geluTanh } from '../graph/ops.ts';
import { copied } from '../weights/derived-tensor.ts';
import { fourBitLinearTensors, quantizedLinearTensors } from '../weights/quantize.ts';
import { GraphWeights } from './graph-weights.ts';
import { linear, mlp } from './linear.ts';

const weight = normal(1, 6, 16);
const bias = normal(2, 6);
const TARGETS = ['cpu', 'gpu'] as const;

describe.each(TARGETS)('linear on the %s', (target) => {
  it.each([[[5, 16]], [[2, 3, 16]], [[1, 1, 16]]])('is x·Wᵀ + b of %j', async (shape) => {
    const x = normal(3, ...shape);
    const index = await checkpoint({ 'l.weight': weight, 'l.bias': bias });
    const y = await runGraph({ x }, (g, { x }) => linear(g, x!, new GraphWeights(g, index), 'l'), target);
    expectNear(y, applyLinear(x, weight, bias), 1e-5);
  });

  it('does without a bias', async () => {
    const x = normal(3, 4, 16);
    const index = await checkpoint({ 'l.weight': weight });
    const y = await runGraph({ x }, (g, { x }) => linear(g, x!, new GraphWeights(g, index), 'l'), target);
    expectNear(y, applyLinear(x, weight), 1e-5);
  });

  it('takes a bias in place of its own', async () => {
    const [x, other] = [normal(3, 4, 16), normal(9, 6)];
    const index = await checkpoint({ 'l.weight': weight, 'l.bias': bias });
    const y = await runGraph(
      { x, other },
      (g, { x, other }) => linear(g, x!, new GraphWeights(g, index), 'l', other),
      target,
    );
    expectNear(y, applyLinear(x, weight, other), 1e-5);
  });
});

it.each(TARGETS)('mlp on the %s applies both layers and the activation between them', async (target) => {
  const x = normal(3, 2, 3, 16);
  const [second, secondBias] = [normal(4, 16, 6), normal(5, 16)];
  const index = await checkpoint({ 'a.weight': weight, 'a.bias': bias, 'b.weight': second, 'b.bias': secondBias });
  const names = { first: 'a', second: 'b', activation: geluTanh };
  const y = await runGraph({ x }, (g, { x }) => mlp(g, x!, new GraphWeights(g, index), names), target);
  const hidden = applyLinear(x, weight, bias);
  const active = hidden.data.map((v) => (v / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3))));
  expectNear(y, applyLinear({ data: active, shape: hidden.shape }, second, secondBias), 1e-4);
});

describe.each([
  { bits: 8, tensors: quantizedLinearTensors, tolerance: 0.01 },
  { bits: 4, tensors: fourBitLinearTensors, tolerance: 0.12 },
])('with $bits-bit weights', ({ tensors, tolerance }) => {
  const [large, largeBias] = [normal(7, 48, 64), normal(8, 48)];
  const reader = { readFloats, readIntegers };

  async function apply(x: Floats): Promise<Floats> {
    const index = await checkpoint({ 'l.weight': large, 'l.bias': largeBias });
    const entry = (key: string) => index.entries.get(key)!;
    const derived = await derivedCheckpoint([...tensors(entry('l.weight'), reader), copied(entry('l.bias'), reader)]);
    return runGraph({ x }, (g, { x }) => linear(g, x!, new GraphWeights(g, derived), 'l'));
  }

  it('is near to float', async () => {
    const x = normal(6, 2, 5, 64);
    const y = await apply(x);
    const expected = applyLinear(x, large, largeBias);
    expect(y.shape).toEqual([2, 5, 48]);
    const noise = Math.hypot(...expected.data.map((value, i) => value - y.data[i]!));
    expect(noise / Math.hypot(...expected.data)).toBeLessThan(tolerance);
    expect(noise).toBeGreaterThan(0);
  });
});

it('rows do not depend on each other in float and with 4-bit weights', async () => {
  const [rows, large] = [normal(6, 6, 64), normal(7, 48, 64)];
  const index = await checkpoint({ 'l.weight': large });
  const quantized = await derivedCheckpoint(
    fourBitLinearTensors(index.entries.get('l.weight')!, { readFloats, readIntegers }),
  );
  for (const weights of [index, quantized]) {
    const apply = (x: Floats) => runGraph({ x }, (g, { x }) => linear(g, x!, new GraphWeights(g, weights), 'l'));
    const together = await apply(rows);
    const last = await apply({ data: rows.data.slice(5 * 64), shape: [1, 64] });
    expect(last.data).toEqual(together.data.slice(5 * 48));
  }
});
