import { expect, it } from 'vitest';
import { gridOutside, keptByGrid } from './kept-by-grid.ts';

const SMALL = [1, 2, 3, 4, 5, 6, 8, 10, 13, 16].map((side) => side * side);
const LARGE = [1, 2, 3, 4, 6, 9, 13, 18, 24, 32].map((side) => side * side);

function outsideBox(size: number, from: number, to: number): Uint8Array {
  return Uint8Array.from({ length: size * size }, (_, i) => {
    const inside = [Math.floor(i / size), i % size].every((at) => at >= from && at < to);
    return inside ? 0 : 1;
  });
}

function keptOfEachStep(grid: Uint8Array, steps: readonly number[]): number[] {
  const kept = keptByGrid(grid, steps);
  let start = 0;
  return steps.map((tokens) => {
    start += tokens;
    return kept.subarray(start - tokens, start).reduce((sum, value) => sum + value, 0);
  });
}

it('keeps as many as the authors do around their demo box', () => {
  expect(keptOfEachStep(outsideBox(16, 2, 13), SMALL)).toEqual([1, 0, 5, 8, 16, 20, 29, 51, 89, 135]);
  expect(keptOfEachStep(outsideBox(32, 3, 26), LARGE)).toEqual([1, 0, 5, 7, 20, 45, 70, 155, 255, 495]);
});

it('keeps all of a full grid, and the first token alone of an empty one', () => {
  expect(keptOfEachStep(new Uint8Array(256).fill(1), SMALL)).toEqual(SMALL);
  expect(keptOfEachStep(new Uint8Array(256), SMALL)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
});

it('makes a grid of a mask: half of a cell is enough', () => {
  const mask = { width: 4, height: 4, data: new Uint8Array(16) };
  mask.data.set([255, 255, 0, 0]);
  mask.data.set([0, 0, 255], 8);
  expect([...gridOutside(mask, [1, 4])]).toEqual([0, 1, 1, 1]);
});

it('breaks ties as PyTorch does: the middle of 13 between the halves of 16 goes to the far one', () => {
  const half = (isFar: boolean) => Uint8Array.from({ length: 256 }, (_, i) => (i % 16 >= 8 === isFar ? 1 : 0));
  const rowOfThirteen = (grid: Uint8Array) => [...keptByGrid(grid, [169, 256]).subarray(0, 13)].join('');
  expect(rowOfThirteen(half(true))).toBe('0000001111111');
  expect(rowOfThirteen(half(false))).toBe('1111110000000');
});
