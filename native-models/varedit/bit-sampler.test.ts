import { describe, expect, it } from 'vitest';
import { BitSampler, guidedLogits } from './bit-sampler.ts';

describe('guidedLogits', () => {
  it('is temperature, then cfg·conditional + (1 − cfg)·unconditional', () => {
    const raw = Float32Array.of(1, 2, 0.5, 4);
    expect(guidedLogits(raw, 2, { cfg: 3, tau: 0.5, topP: 0 })).toEqual(Float32Array.of(4, -4));
    expect(guidedLogits(raw, 2, { cfg: 1, tau: 0.5, topP: 0 })).toEqual(Float32Array.of(2, 4));
    expect(guidedLogits(raw, 1, { cfg: 3, tau: 2, topP: 0 })).toEqual(Float32Array.of(0.5, 1, 0.25, 2));
  });

  it('refuses numbers that are not finite', () => {
    expect(() => guidedLogits(Float32Array.of(Number.NaN, 0), 1, { cfg: 1, tau: 1, topP: 0 })).toThrow('not finite');
  });
});

describe('BitSampler', () => {
  const pairs = (difference: number, count: number) =>
    Float32Array.from({ length: 2 * count }, (_, i) => (i % 2 ? difference : 0));

  it('never draws the value that has at most what is missing to 1', () => {
    // σ(3.48) = 0.9701; σ(3.47) = 0.9698
    const { bits, entropy } = new BitSampler(8, 1).draw(pairs(3.48, 8000), 0.97);
    expect(bits.every((bit) => bit === 1)).toBe(true);
    expect(entropy.every((value) => value === 0)).toBe(true);
    expect(new BitSampler(8, 1).draw(pairs(3.47, 8000), 0.97).bits).toContain(0);
    expect(new BitSampler(8, 1).draw(pairs(3.48, 8000), 0).bits).toContain(0);
    expect(new BitSampler(8, 1).draw(pairs(-3.48, 8000), 0.97).bits).not.toContain(1);
  });

  it('draws by probability, with entropies that are sums over a token’s bits', () => {
    const { bits, entropy } = new BitSampler(4, 7).draw(pairs(1, 40_000), 0);
    const share = bits.reduce((sum, bit) => sum + bit, 0) / bits.length;
    expect(share).toBeCloseTo(1 / (1 + Math.exp(-1)), 2);
    expect(entropy).toHaveLength(10_000);
    expect(entropy[0]).toBeCloseTo(4 * 0.8399, 3);
  });

  it('goes on after skipped tokens as after drawn ones', () => {
    const [drawn, skipped] = [new BitSampler(4, 3), new BitSampler(4, 3)];
    drawn.draw(pairs(0.5, 20), 0.97);
    skipped.skip(5);
    expect(skipped.draw(pairs(0, 400), 0).bits).toEqual(drawn.draw(pairs(0, 400), 0).bits);
  });
});
