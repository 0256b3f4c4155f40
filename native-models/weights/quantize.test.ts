import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantizedLinearTensors, quantizeRows, rowScales, transposed } from './quantize.ts';
import { contiguousStrides, type TensorEntry } from './tensor-entry.ts';

describe('rowScales', () => {
  it('put the largest magnitude of each row at 127, and a row of zeros at any step', () => {
    expect(rowScales(Float32Array.of(1, -254, 3, 127, 0, 0), 3)).toEqual(Float32Array.of(2, 1, 1));
  });
});

describe('quantizeRows', () => {
  it('is within half a step', () => {
    const weights = fc.array(fc.integer({ min: -100_000, max: 100_000 }), { minLength: 2, maxLength: 40 });
    const property = fc.property(weights, (values) => {
      const weight = Float32Array.from(values.length % 2 === 0 ? values : values.slice(1)).map((value) => value / 700);
      const scales = rowScales(weight, 2);
      const columns = weight.length / 2;
      for (const [i, step] of quantizeRows(weight, scales).entries()) {
        const scale = scales[Math.floor(i / columns)]!;
        expect(Math.abs(step)).toBeLessThanOrEqual(127);
        expect(Math.abs(step * scale - weight[i]!)).toBeLessThanOrEqual(scale * 0.5001);
      }
    });
    fc.assert(property);
  });
});

describe('quantizedLinearTensors', () => {
  const shape = [2, 3];
  const entry: TensorEntry = { name: 'w', type: 'f32', shape, strides: contiguousStrides(shape), file: '', offset: 0 };
  const reader = {
    readFloats: async () => Float32Array.of(127, -64, 0, 1, 2, -254),
    readIntegers: async () => [],
  };

  it('are the transposed steps and the scale of each output', async () => {
    const [weight, scale] = quantizedLinearTensors(entry, reader);
    expect(weight).toMatchObject({ name: 'w', type: 'i8', shape: [3, 2] });
    expect(await weight!.produce()).toEqual(Int8Array.of(127, 1, -64, 1, 0, -127));
    expect(scale).toMatchObject({ name: 'w.scale', type: 'f32', shape: [2] });
    expect(await scale!.produce()).toEqual(Float32Array.of(1, 2));
  });
});

it('transposed turns rows into columns', () => {
  expect(transposed(Int8Array.of(1, 2, 3, 4, 5, 6), 2)).toEqual(Int8Array.of(1, 4, 2, 5, 3, 6));
});
