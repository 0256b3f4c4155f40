import { expect, it } from 'vitest';
import { contactSheets, labelledGrids, type SheetPicture } from './sheet-layout.ts';

const pictures: SheetPicture[] = ['lake', 'desert'].flatMap((label) =>
  [1, 2].flatMap((cfg) =>
    [7, 8, 9].map((seed, n) => ({
      file: `${label}-${cfg}-${seed}.png`,
      values: { n: String(n), label, cfg, seed, model: 'm' },
    })),
  ),
);

it('makes a grid for each combination of what is on no axis', () => {
  const grids = labelledGrids(pictures, 'seed', 'cfg');
  expect(grids.map(({ title }) => title)).toEqual(['lake', 'desert']);
  expect(grids[1]).toMatchObject({ columns: ['seed 7', 'seed 8', 'seed 9'], rows: ['cfg 1', 'cfg 2'], width: 3 });
  expect(grids[1]?.cells.map((cell) => cell?.file)).toEqual(
    pictures.filter(({ values }) => values.label === 'desert').map(({ file }) => file),
  );
});

it('leaves cells empty that no picture is for', () => {
  const [grid] = labelledGrids(pictures.slice(0, 4).reverse(), 'seed', 'cfg');
  expect(grid?.columns).toEqual(['seed 7', 'seed 8', 'seed 9']);
  expect(grid?.cells.map((cell) => cell !== undefined)).toEqual([true, true, true, true, false, false]);
});

it('refuses axes that are not there or too long', () => {
  expect(() => labelledGrids(pictures, 'seed', 'colour')).toThrow(
    expect.objectContaining({ hint: 'They differ in: label, cfg, seed.' }),
  );
  const many = Array.from({ length: 51 }, (_, seed) => ({ file: `${seed}`, values: { seed, cfg: 1 } }));
  expect(() => labelledGrids(many, 'seed', 'cfg')).toThrow('51 values of "seed" is too large');
});

it('spreads many pictures over contact sheets', () => {
  const many = Array.from({ length: 100 }, (_, seed) => ({ file: `${seed}.png`, values: { label: 'lake', seed } }));
  const sheets = contactSheets(many);
  expect(sheets.map(({ cells }) => cells.length)).toEqual([48, 48, 4]);
  expect(sheets.map(({ width }) => width)).toEqual([6, 6, 4]);
  expect(sheets[2]?.cells[3]).toEqual({ file: '99.png', caption: 'seed 99' });
});
