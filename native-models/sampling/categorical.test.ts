import { describe, expect, it } from 'vitest';
import { sampleCategorical } from './categorical.ts';
import { TorchRandom } from './torch-random.ts';

const NONE = Number.NEGATIVE_INFINITY;

/** The logits of the recorded draws: `torch.rand(count, generator) * 8 - 4`. */
function logits(count: number, seed: number): Float32Array {
  return new TorchRandom(seed).rand(count).map((value) => Math.fround(value * 8) - 4);
}

/** Drawn by PyTorch 2.13: `torch.multinomial(torch.softmax(logits, -1), 1, generator=...)`. */
const DRAWS = [
  {
    vocabulary: 320,
    seed: 0,
    picks: [
      168, 116, 170, 195, 192, 263, 296, 177, 118, 265, 313, 69, 177, 285, 212, 91, 107, 229, 63, 171, 223, 296, 36, 10,
    ],
  },
  {
    vocabulary: 320,
    seed: 11,
    picks: [
      150, 201, 314, 244, 275, 16, 300, 160, 260, 274, 201, 179, 176, 80, 221, 228, 37, 9, 154, 155, 101, 83, 102, 69,
    ],
  },
  {
    vocabulary: 320,
    seed: 4294967295,
    picks: [
      260, 213, 170, 276, 274, 130, 31, 249, 187, 310, 203, 229, 29, 122, 73, 137, 7, 215, 250, 103, 197, 17, 273, 140,
    ],
  },
  { vocabulary: 4096, seed: 1, picks: [510, 2201, 1210, 2330, 826, 3780, 3086, 3200, 946, 423, 571, 2001] },
  { vocabulary: 4096, seed: 2, picks: [680, 2732, 3595, 2420, 1688, 2482, 3923, 2799, 2746, 2953, 3876, 849] },
];

describe('sampleCategorical', () => {
  it.each(DRAWS)('draws from $vocabulary codes as PyTorch does, seed $seed', ({ vocabulary, seed, picks }) => {
    const given = logits(vocabulary * picks.length, 1000 + vocabulary);
    const before = given.slice();
    expect([...sampleCategorical(given, vocabulary, new TorchRandom(seed)).picks]).toEqual(picks);
    expect(given).toEqual(before);
  });

  it('never draws −∞, and draws as PyTorch does among the rest', () => {
    const given = logits(16 * 320, 99).map((value) => (value < 2.5 ? NONE : value));
    const picks = [148, 104, 41, 276, 176, 121, 238, 316, 50, 111, 216, 199, 115, 117, 68, 151];
    expect([...sampleCategorical(given, 320, new TorchRandom(5)).picks]).toEqual(picks);
    const only = Float32Array.of(NONE, NONE, 0, NONE);
    for (let seed = 0; seed < 50; seed++) {
      expect([...sampleCategorical(only, 4, new TorchRandom(seed)).picks]).toEqual([2]);
    }
  });

  it('draws each code as often as its probability says', () => {
    const rows = Float32Array.from({ length: 4000 * 3 }, (_, i) => Math.log([0.1, 0.3, 0.6][i % 3]!));
    const counts = [0, 0, 0];
    for (const pick of sampleCategorical(rows, 3, new TorchRandom(0)).picks) counts[pick]!++;
    for (const [i, share] of [0.1, 0.3, 0.6].entries()) expect(counts[i]! / 4000).toBeCloseTo(share, 1);
  });
});
