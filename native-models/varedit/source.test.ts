import { expect, it } from 'vitest';
import { squareSource, unsquared } from './source.ts';

const picture = (width: number, height: number, value: number) => ({
  width,
  height,
  data: new Uint8Array(width * height * 3).fill(value),
});

it('puts a picture into the top left corner of a white square', () => {
  const square = squareSource(picture(8, 4, 40), 4);
  expect(square).toMatchObject({ width: 4, height: 4 });
  expect([...square.data.slice(0, 12)]).toEqual(new Array(12).fill(40));
  expect([...square.data.slice(-12)]).toEqual(new Array(12).fill(255));
});

it('takes the picture’s part out again, in its size', () => {
  const edited = picture(4, 4, 0);
  edited.data.fill(200, 0, 24);
  const result = unsquared(edited, { width: 4, height: 2 });
  expect(result).toEqual(picture(4, 2, 200));
  expect(unsquared(edited, { width: 16, height: 6 })).toMatchObject({ width: 16, height: 6 });
});

it('leaves a square of the right size alone', () => {
  const same = picture(4, 4, 7);
  expect(squareSource(same, 4)).toBe(same);
  expect(unsquared(same, same)).toBe(same);
});
