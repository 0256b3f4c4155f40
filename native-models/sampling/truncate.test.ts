import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TorchRandom } from './torch-random.ts';
import { truncateNucleus, truncateTopK, truncateTopP } from './truncate.ts';

const NONE = Number.NEGATIVE_INFINITY;
/** Few different values, so that there are ties. */
const row = fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 2, maxLength: 40 });

function topK(values: readonly number[], k: number): number[] {
  const row = Float32Array.from(values);
  truncateTopK(row, row.length, k);
  return [...row];
}

function topP(values: readonly number[], p: number): number[] {
  const row = Float32Array.from(values);
  truncateTopP(row, row.length, p);
  return [...row];
}

describe('truncateTopK', () => {
  it('keeps all that tie with the k-th', () => {
    expect(topK([1, 5, 3, 3, 3, 0], 2)).toEqual([NONE, 5, 3, 3, 3, NONE]);
  });

  it.each([0, -1, 4, 5])('k = %i keeps all of four', (k) => {
    expect(topK([1, 2, 3, 4], k)).toEqual([1, 2, 3, 4]);
  });

  it('equals sorting', () => {
    const property = fc.property(row, fc.integer({ min: 1, max: 45 }), (values, k) => {
      const sorted = values.toSorted((a, b) => b - a);
      const threshold = sorted[Math.min(k, values.length) - 1]!;
      expect(topK(values, k)).toEqual(values.map((value) => (value < threshold ? NONE : value)));
    });
    fc.assert(property);
  });

  it('treats each row for itself', () => {
    const rows = Float32Array.of(1, 2, 3, 30, 20, 10);
    truncateTopK(rows, 3, 1);
    expect([...rows]).toEqual([NONE, NONE, 3, 30, NONE, NONE]);
  });
});

describe('truncateTopP', () => {
  const logs = (...probabilities: number[]) => probabilities.map(Math.log);
  const kept = (values: readonly number[]) => values.map((value) => value > NONE);

  it('removes the smallest while together they have at most 1 − p', () => {
    expect(kept(topP(logs(0.5, 0.06, 0.3, 0.04, 0.1), 0.85))).toEqual([true, false, true, false, true]);
    expect(kept(topP(logs(0.5, 0.06, 0.3, 0.04, 0.1), 0.95))).toEqual([true, true, true, false, true]);
  });

  it.each([0, -1, 1, 1.5])('p = %d keeps all', (p) => {
    expect(topP([1, -30, 3], p)).toEqual([1, -30, 3]);
  });

  it('removes some of those that tie when not all need to stay', () => {
    expect(topP([0, 0, 0, 0], 0.5).filter((value) => value === 0)).toHaveLength(2);
  });

  it('passes over what is removed already', () => {
    expect(topP([NONE, 2, NONE, 1], 0.999)).toEqual([NONE, 2, NONE, 1]);
  });

  it('never removes the largest, and keeps the right probability', () => {
    const property = fc.property(row, fc.double({ min: 0.001, max: 0.999, noNaN: true }), (values, p) => {
      const result = topP(values, p);
      expect(result).toContain(Math.max(...values));
      const weights = values.map(Math.exp);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const removed = values.flatMap((value, i) => (result[i] === NONE ? [value] : []));
      const left = result.filter((value) => value > NONE);
      const mass = removed.reduce((sum, value) => sum + Math.exp(value) / total, 0);
      expect(mass).toBeLessThanOrEqual(1 - p + 1e-9);
      if (left.length > 1) expect(mass + Math.exp(Math.min(...left)) / total).toBeGreaterThan(1 - p - 1e-9);
      expect(Math.max(NONE, ...removed)).toBeLessThanOrEqual(Math.min(...left));
      for (const [i, value] of result.entries()) expect([NONE, values[i]]).toContain(value);
    });
    fc.assert(property);
  });
});

it('truncates the largest scale in a moment', () => {
  const logits = new TorchRandom(0).randn(256 * 4096);
  const start = performance.now();
  truncateTopK(logits, 4096, 900);
  truncateTopP(logits, 4096, 0.95);
  expect(performance.now() - start).toBeLessThan(400);
});

describe('truncateNucleus', () => {
  const kept = (probabilities: readonly number[], p: number) => {
    const values = Float32Array.from(probabilities, Math.log);
    truncateNucleus(values, values.length, p);
    return [...values].map((value) => value > NONE);
  };

  it('keeps the likeliest up to the one that crosses p', () => {
    expect(kept([0.5, 0.06, 0.3, 0.04, 0.1], 0.75)).toEqual([true, false, true, false, false]);
    expect(kept([0.5, 0.06, 0.3, 0.04, 0.1], 0.85)).toEqual([true, false, true, false, true]);
  });

  it('keeps the likeliest for 0 and all for 1', () => {
    expect(kept([0.2, 0.5, 0.3], 0)).toEqual([false, true, false]);
    expect(kept([0.2, 0.5, 0.3], 1)).toEqual([true, true, true]);
  });

  it('passes over what is truncated already', () => {
    expect(kept([0, 0.9, 0.1], 0.95)).toEqual([false, true, true]);
  });
});
