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
});
