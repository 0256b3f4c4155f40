import { expect, it } from 'vitest';
import { SCALE_COUNTS, SHAPES, scheduleOf, shapeOf, tokenOffsets } from './schedules.ts';

const square = shapeOf(1, 1);

it('has fifteen shapes of thirteen scales, whose ends have their ratio', () => {
  expect(SHAPES.map(({ ratio }) => ratio).sort()).toEqual(
    [1, 1.25, 1.333, 1.5, 1.75, 2, 2.5, 3, 0.8, 0.75, 0.666, 0.571, 0.5, 0.4, 0.333].sort(),
  );
  for (const shape of SHAPES) {
    expect(shape.scales).toHaveLength(13);
    for (const count of Object.values(SCALE_COUNTS)) {
      const { rows, columns } = scheduleOf(shape, count).at(-1)!;
      expect(Math.abs(rows / columns - shape.ratio), `${shape.ratio} × ${count}`).toBeLessThan(0.01);
    }
  }
});

it.each([
  [7, 521],
  [10, 2521],
  [12, 6425],
  [13, 10521],
])('counts the tokens of %d scales', (count, tokens) => {
  expect(tokenOffsets(scheduleOf(square, count)).at(-1)).toBe(tokens);
});

it('takes the nearest shape', () => {
  expect(shapeOf(1080, 1920).ratio).toBe(0.571);
  expect(shapeOf(1920, 1080).ratio).toBe(1.75);
  expect(shapeOf(100, 103).ratio).toBe(1);
  expect(shapeOf(1, 9)).toMatchObject({ ratio: 0.333 });
  expect(shapeOf(1, 9).scales.at(-1)).toEqual({ rows: 37, columns: 111 });
});

it('says where each scale begins', () => {
  expect(tokenOffsets(scheduleOf(square, 4))).toEqual([0, 1, 5, 21, 57]);
});
