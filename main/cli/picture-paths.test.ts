import { expect, it } from 'vitest';
import { picturePaths } from './picture-paths.ts';

it.each([
  ['lake.png', [7], ['lake.png']],
  ['lake.png', [7, 8], ['lake-7.png', 'lake-8.png']],
  ['LAKE.PNG', [7, 8], ['LAKE-7.png', 'LAKE-8.png']],
  ['{n}/lake.png', [7, 8], ['1/lake.png', '2/lake.png']],
  ['lake-{seed}-{n}.png', [7], ['lake-7-1.png']],
  [undefined, [7], ['underpaint-7.png']],
])('%s for seeds %j', (template, seeds, paths) => {
  expect(picturePaths(template, seeds)).toEqual(paths);
});

it.each(['lake.jpg', 'lake', '', '.png/'])('refuses %j', (template) => {
  expect(() => picturePaths(template, [1])).toThrow('--out must end in .png');
});
