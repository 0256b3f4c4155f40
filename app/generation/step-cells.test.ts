import { expect, it } from 'vitest';
import { areaOfCell, cellAt, stepCells } from './step-cells.ts';

const rowByRow = {
  width: 128,
  height: 64,
  tokensPerStep: [8, 8, 8, 8],
  stepAreas: Array.from({ length: 4 }, (_, row) => ({ x: 0, y: row / 4, width: 1, height: 1 / 4 })),
};

it('lays the tokens of a scale over the whole picture', () => {
  const scales = { width: 256, height: 256, tokensPerStep: [1, 4, 9] };
  expect([0, 1, 2].map((step) => stepCells(scales, step).columns)).toEqual([1, 2, 3]);
  expect(stepCells(scales, 2)).toEqual({ area: { x: 0, y: 0, width: 1, height: 1 }, columns: 3, rows: 3 });
  expect(stepCells({ ...scales, tokensPerStep: [8], width: 512 }, 0)).toMatchObject({ columns: 4, rows: 2 });
});

it('lays those of a row, or of a cell, where they belong', () => {
  expect(stepCells(rowByRow, 2)).toEqual({ area: rowByRow.stepAreas[2], columns: 8, rows: 1 });
  const cells = {
    width: 96,
    height: 96,
    tokensPerStep: [16],
    stepAreas: [{ x: 0.5, y: 0.5, width: 0.25, height: 0.25 }],
  };
  expect(stepCells(cells, 0)).toMatchObject({ columns: 4, rows: 4 });
});

it('finds tokens and their places', () => {
  const cells = stepCells(rowByRow, 2);
  expect(cellAt(cells, { x: 0.3, y: 0.6 })).toBe(2);
  expect(cellAt(cells, { x: 0.3, y: 0.4 })).toBeUndefined();
  expect(cellAt(cells, { x: 1, y: 0.6 })).toBeUndefined();
  expect(areaOfCell(cells, 2)).toEqual({ x: 0.25, y: 0.5, width: 0.125, height: 0.25 });
});
