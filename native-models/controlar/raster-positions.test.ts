import { expect, it } from 'vitest';
import { rasterPositions } from './raster-positions.ts';

it.each([64, 100])('turns by row, then by column, and makes zeros of the prompt, in heads of %i', (d) => {
  const { cos, sin } = rasterPositions(5, d);
  const [row, column, cell] = [3, 2, 17];
  for (let i = 0; i < d / 2; i++) {
    const k = i % (d / 4);
    const angle = (i < d / 4 ? row : column) * 10_000 ** ((-2 * k) / (d / 2));
    expect(cos[(cell * d) / 2 + i]).toBeCloseTo(Math.cos(angle), 6);
    expect(sin[(cell * d) / 2 + i]).toBeCloseTo(Math.sin(angle), 6);
  }
  expect(cos.subarray((25 * d) / 2)).toEqual(new Float32Array(d / 2));
  expect(sin.subarray((25 * d) / 2)).toEqual(new Float32Array(d / 2));
});
