import { expect, it } from 'vitest';
import { SHAPES } from '../bsq/schedules.ts';
import { editLayout, paintLayout } from './layout.ts';

const SQUARE = SHAPES[0]!;

it('spreads a scale over the grid of the largest picture, halves to even cells', () => {
  const { positions } = paintLayout(SQUARE, 7);
  expect(positions.map((scale) => scale.length)).toEqual([1, 4, 16, 36, 64, 144, 256]);
  expect(positions[1]).toEqual([
    { row: 0, column: 0 },
    { row: 0, column: 32 },
    { row: 32, column: 0 },
    { row: 32, column: 32 },
  ]);
  expect(positions[5]!.slice(0, 12).map(({ column }) => column)).toEqual([
    0, 5, 11, 16, 21, 27, 32, 37, 43, 48, 53, 59,
  ]);
  const forty = paintLayout(SQUARE, 11).positions.at(-1)!;
  // 2.5 cells apart: 2.5, 7.5 and 12.5 go to 2, 8 and 12.
  const fortyColumns = paintLayout(
    {
      ratio: 1,
      scales: [
        { rows: 1, columns: 4 },
        { rows: 1, columns: 10 },
      ],
    },
    1,
  );
  expect(fortyColumns.positions[0]!.map(({ column }) => column)).toEqual([0, 2, 5, 8]);
  expect(forty[1]).toEqual({ row: 0, column: 2 });
});

it('gives sources of the largest size the cells beyond the target’s', () => {
  const { source, positions } = editLayout(SQUARE, 13);
  expect(source).toHaveLength(4096);
  expect(source![65]).toEqual({ row: 65, column: 65 });
  expect(positions).toEqual(paintLayout(SQUARE, 13).positions);
});

it('reads all of a smaller edit from the source’s part of the table, as its models were trained', () => {
  const { source, positions } = editLayout(SQUARE, 10);
  expect(source).toHaveLength(1024);
  expect(source![32]).toEqual({ row: 64, column: 96 });
  expect(positions[0]![0]).toEqual({ row: 80, column: 64 });
  expect(positions[9]![0]).toEqual({ row: 103, column: 89 });
});
