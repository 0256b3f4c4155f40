import { describe, expect, it } from 'vitest';
import { TorchRandom } from './torch-random.ts';

/** Values printed by PyTorch 2.13 on the CPU, generator seeded with 0. */
describe('TorchRandom', () => {
  it('draws uniform numbers', () => {
    const expected = [0.49625659, 0.7682218, 0.08847743, 0.13203049, 0.30742282, 0.63407868, 0.49009341, 0.89644474];
    for (const [i, value] of new TorchRandom(0).rand(8).entries()) expect(value).toBeCloseTo(expected[i] as number, 7);
  });

  it('draws normal numbers in blocks', () => {
    const expected = [
      -1.12583983, -1.1523602, -0.25057858, -0.43387881, 0.84871036, 0.69200915, -0.31601277, -2.11521935, 0.32227492,
      -1.26333475, 0.34998319, 0.30813393, 0.11984151, 1.2376579, 1.11677718, -0.24727815,
    ];
    for (const [i, value] of new TorchRandom(0).randn(16).entries())
      expect(value).toBeCloseTo(expected[i] as number, 5);
  });

  it('draws few normal numbers one by one', () => {
    const expected = [1.54099607, -0.2934289, -2.17878938, 0.56843126];
    for (const [i, value] of new TorchRandom(0).randn(4).entries()) expect(value).toBeCloseTo(expected[i] as number, 6);
  });

  it('draws exponential numbers', () => {
    const expected = [3.50832629, 1.23038471, 0.61504412, 2.53511858];
    const values = new TorchRandom(0).exponential(4);
    for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i] as number, 6);
  });

  it('draws from probabilities', () => {
    const row = [0.1, 0.2, 0.3, 0.4];
    const picks = new TorchRandom(0).multinomial(Float32Array.from([row, row, row, row, row, row].flat()), 4);
    expect([...picks]).toEqual([2, 2, 3, 3, 1, 2]);
  });

  it('draws uniform numbers of the largest seed', () => {
    const expected = [0.993799388, 0.571306348, 0.570008039, 0.0495037436];
    expect(new TorchRandom(2 ** 32 - 1).rand(4)).toEqual(Float32Array.from(expected));
  });

  it('draws the last normal numbers anew when their count is no multiple of 16', () => {
    const values = new TorchRandom(42).randn(100);
    const recorded = {
      0: [1.92691529, 1.48728406, 0.900717199, -2.10552096],
      80: [0.0108681442, -0.338742346, -1.34067953, -0.585370541],
      84: [0.640755296, 0.583247423, 1.06692672, -0.450153381],
      96: [-0.986438632, 0.123299122, 0.349867761, 0.617280722],
    };
    for (const [start, expected] of Object.entries(recorded)) {
      for (const [i, value] of expected.entries()) expect(values[Number(start) + i]).toBeCloseTo(value, 5);
    }
  });

  it('keeps the spare normal number for the next draw, as the generator does', () => {
    const random = new TorchRandom(3);
    const expected = [
      [0.803276062, 0.174833387, 0.0889780968, -0.613718033, 0.0461824499],
      [-1.36825919, 0.337495089, 1.01111591],
    ];
    for (const draw of expected) {
      for (const [i, value] of random.randn(draw.length).entries()) expect(value).toBeCloseTo(draw[i]!, 5);
    }
    expect(random.randn(17)[16]).toBeCloseTo(0.56159389, 5);
    for (const [i, value] of random.rand(2).entries()) expect(value).toBeCloseTo([0.962302864, 0.76057905][i]!, 7);
  });

  it('draws many exponential numbers', () => {
    const expected = [
      0.327643931, 0.319783479, 1.98117542, 1.06911683, 2.55785632, 1.8297441, 0.349149197, 0.822621882, 1.43987834,
      1.4244417, 0.065094538, 0.0592785999, 0.18325071, 0.0383601747, 0.13032493, 1.88087642, 0.0132926973, 2.99298501,
      0.116461784, 5.05410767,
    ];
    for (const [i, value] of new TorchRandom(7).exponential(20).entries()) expect(value).toBeCloseTo(expected[i]!, 6);
  });
});
