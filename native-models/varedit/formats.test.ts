import { expect, it } from 'vitest';
import { pictureShapes, SHAPE_NAMES, shapeOfFormat, usualFormat } from './formats.ts';

it('names the fifteen trained shapes by width to height', () => {
  expect(SHAPE_NAMES).toEqual('1:1 4:5 5:4 3:4 4:3 2:3 3:2 4:7 7:4 1:2 2:1 2:5 5:2 1:3 3:1'.split(' '));
});

it('has a size for each shape and number of scales', () => {
  const shapes = pictureShapes();
  expect(shapes).toHaveLength(60);
  const wide = shapes.find(({ settings }) => settings.shape === '7:4' && settings.size === '0.25M');
  expect(wide).toMatchObject({ width: 672, height: 384 });
  expect(wide?.tokensPerStep).toEqual([1, 4, 9, 28, 66, 112, 252, 448, 700, 1008]);
  expect(new Set(shapes.map(({ settings }) => JSON.stringify(settings))).size).toBe(60);
});

it('begins with a square of the size that the model was trained on last', () => {
  expect(usualFormat({ edits: false, scales: 10 })).toEqual({ shape: '1:1', size: '0.25M' });
  expect(shapeOfFormat({ shape: '1:1', size: '1M' }).scales).toBe(13);
});
