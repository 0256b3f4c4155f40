import { expect, it } from 'vitest';
import { cellAreas, cellPositions, cellsToPlanes, planesToCells } from './cells.ts';

it('goes through the quarters one after the other', () => {
  const places = cellPositions(4).map(({ row, column }) => row * 4 + column);
  expect(places).toEqual([0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15]);
});

it('comes back from planes', () => {
  const planes = Float32Array.from({ length: 2 * 16 }, (_, i) => i);
  const cells = planesToCells(planes, 2, 4);
  expect([...cells.subarray(0, 4)]).toEqual([0, 16, 1, 17]);
  expect(cellsToPlanes(cells, 2, 4)).toEqual(planes);
});

it('leaves what is not there yet at 0', () => {
  const planes = cellsToPlanes(Float32Array.of(1, 2, 3, 4), 1, 4);
  expect([...planes]).toEqual([1, 2, 0, 0, 3, 4, ...new Array<number>(10).fill(0)]);
});

it('covers the picture by quarters', () => {
  expect(cellAreas().map(({ x, y }) => [x, y])).toEqual([
    [0, 0],
    [0.5, 0],
    [0, 0.5],
    [0.5, 0.5],
  ]);
});
