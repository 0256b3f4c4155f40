import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strippedCheckpoint } from '../../test/support/stripped-checkpoint.ts';
import {
  quantizedLinears,
  quantizedLinearTensors,
  quantizeRows,
  quantizeTo4Bits,
  rowScales,
  transposed,
} from './quantize.ts';
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

describe('quantizeTo4Bits', () => {
  const weights = fc.array(fc.float({ noNaN: true, min: -1e3, max: 1e3 }), { minLength: 64, maxLength: 64 });

  it('is off by a scale at most, and by half of one where there is room', () => {
    const property = fc.property(weights, (values) => {
      const { packed, scales } = quantizeTo4Bits(Float32Array.from(values));
      for (const [i, value] of values.entries()) {
        const steps = ((packed[i >> 1]! >> (4 * (i & 1))) & 15) - 8;
        const scale = scales[i >> 5]!;
        const error = Math.abs(steps * scale - value);
        expect(error).toBeLessThanOrEqual(Math.abs(scale) * (steps === 7 ? 1.0001 : 0.5001));
      }
    });
    fc.assert(property);
  });

  it('gives the number of the largest magnitude all eight steps, whatever its sign', () => {
    const weight = new Float32Array(64);
    weight.set([1, 0.5], 0);
    weight.set([-2, 1], 32);
    const { packed, scales } = quantizeTo4Bits(weight);
    expect(scales).toEqual(Float32Array.of(-0.125, 0.25));
    expect([packed[0], packed[16]]).toEqual([0x40, 0xc0]);
    expect(packed.subarray(1, 16).every((byte) => byte === 0x88)).toBe(true);
  });

  it('leaves zeros zero', () => {
    const { packed, scales } = quantizeTo4Bits(new Float32Array(32));
    expect(scales).toEqual(Float32Array.of(-0));
    expect(packed.every((byte) => byte === 0x88)).toBe(true);
  });
});

it('takes 8 bits where the inputs are not whole blocks of 4 bits', () => {
  const index = strippedCheckpoint('flowar_small');
  const reader = { readFloats: async () => new Float32Array(0), readIntegers: async () => [] };
  const keys = { used: () => true, quantized: (key: string) => /fc[12](_g)?\.weight$/.test(key) };
  const types = new Map(quantizedLinears(index, keys, 'int4', reader).map(({ name, type }) => [name, type]));
  expect(types.get('flownet.res_blocks.0.mlp.fc1_g.weight')).toBe('u8');
  expect(types.get('flownet.res_blocks.0.mlp.fc2.weight')).toBe('i8');
  expect(types.get('encoder_blocks.0.mlp.fc2.weight')).toBe('u8');
});
