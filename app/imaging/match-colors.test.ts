import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../generation/pipeline-event.ts';
import { matchColors } from './match-colors.ts';
import { randomBytes } from './testing/random-bytes.ts';

const picture = (data: ArrayLike<number>): RgbImage => ({
  width: data.length / 3,
  height: 1,
  data: Uint8Array.from(data),
});
const row = (data: ArrayLike<number>) => ({ width: data.length, height: 1, data: Uint8Array.from(data) });
const everywhere = (width: number) => row(Array(width).fill(255));

/** Weighted mean and standard deviation of a colour, from their definition. */
function statistics({ data }: RgbImage, color: number, weights: Uint8Array): [number, number] {
  const values = Array.from(weights, (_, i) => data[i * 3 + color] as number);
  const total = weights.reduce((a, b) => a + b, 0);
  const mean = values.reduce((sum, value, i) => sum + (value * (weights[i] as number)) / total, 0);
  const variance = values.reduce((sum, value, i) => sum + ((value - mean) ** 2 * (weights[i] as number)) / total, 0);
  return [mean, Math.sqrt(variance)];
}

/** Random levels between `low` and `low` + `range`. */
const noise = (count: number, seed: number, [low, range]: [number, number]) =>
  picture(randomBytes(count * 3, seed).map((byte) => low + (byte * range) / 255));

describe('matchColors', () => {
  it('gives the mean and the deviation of the reference where the mask is', () => {
    const image = noise(900, 1, [60, 100]);
    const reference = noise(900, 2, [90, 140]);
    const where = row(randomBytes(900, 3).map((byte) => (byte < 80 ? 0 : byte)));
    const matched = matchColors(image, reference, where);
    for (let color = 0; color < 3; color++) {
      const [mean, deviation] = statistics(matched, color, where.data);
      const [wantedMean, wantedDeviation] = statistics(reference, color, where.data);
      expect(Math.abs(mean - wantedMean)).toBeLessThan(0.1);
      expect(Math.abs(deviation - wantedDeviation)).toBeLessThan(0.1);
    }
  });

  it('changes every pixel by the same rule, and looks only where the mask is', () => {
    const image = picture([10, 10, 10, 20, 20, 20, 30, 30, 30, 255, 0, 15]);
    const reference = picture([100, 10, 12, 115, 20, 20, 130, 30, 28, 1, 2, 3]);
    const matched = matchColors(image, reference, row([255, 255, 255, 0]));
    expect([...matched.data]).toEqual([100, 10, 12, 115, 20, 20, 130, 30, 28, 255, 0, 16]);
  });

  it('scales contrast by 0.5 to 2 at most', () => {
    const flat = picture([100, 100, 100, 100, 100, 100]);
    const weak = picture([96, 96, 96, 104, 104, 104]);
    const strong = picture([50, 50, 50, 150, 150, 150]);
    expect(matchColors(weak, strong, everywhere(2)).data[0]).toBe(92);
    expect(matchColors(weak, strong, everywhere(2)).data[3]).toBe(108);
    expect(matchColors(strong, flat, everywhere(2)).data[0]).toBe(75);
    expect(matchColors(strong, weak, everywhere(2)).data[3]).toBe(125);
  });

  it('only moves a picture of one level', () => {
    const image = picture([50, 50, 50, 50, 50, 50, 60, 60, 60]);
    const reference = picture([80, 90, 0, 120, 90, 0, 0, 0, 0]);
    expect([...matchColors(image, reference, row([255, 255, 0])).data]).toEqual([100, 90, 0, 100, 90, 0, 110, 100, 10]);
  });

  it('copies for an empty mask, and for a picture that matches already', () => {
    const image = noise(50, 4, [0, 255]);
    expect(matchColors(image, noise(50, 5, [0, 255]), row(Array(50).fill(0)))).toEqual(image);
    expect(matchColors(image, image, everywhere(50))).toEqual(image);
  });

  it('refuses other sizes', () => {
    const image = noise(4, 6, [0, 255]);
    const bad = expect.objectContaining({ code: 'bad-request' });
    expect(() => matchColors(image, noise(5, 7, [0, 255]), everywhere(4))).toThrow(bad);
    expect(() => matchColors(image, image, everywhere(5))).toThrow(bad);
  });
});
