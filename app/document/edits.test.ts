import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addLayer,
  duplicateLayer,
  frameWithin,
  moveLayer,
  newDocument,
  newLayer,
  removeLayer,
  replaceTiles,
  snapFrame,
  updateLayer,
} from './edits.ts';
import { parseDocument } from './parse-document.ts';

const document = addLayer(newDocument(1024, 768, 'Lake', 'Sky'), newLayer('mask', 'Mask'));
const [sky, mask] = document.layers.map(({ id }) => id) as [string, string];

describe('layers', () => {
  it('are put above the active one', () => {
    const below = addLayer({ ...document, activeLayer: sky }, newLayer('paint', 'Sea'));
    expect(below.layers.map(({ name }) => name)).toEqual(['Sky', 'Sea', 'Mask']);
    expect(below.activeLayer).toBe(below.layers[1]?.id);
  });

  it('leave their neighbour active', () => {
    expect(removeLayer(document, mask)).toMatchObject({ activeLayer: sky });
    expect(removeLayer(removeLayer(document, mask), sky)).toMatchObject({ activeLayer: null, layers: [] });
    expect(removeLayer(updateLayer(document, sky, { locked: true }), sky).layers).toHaveLength(2);
  });

  it('are copied with their tiles and moved', () => {
    const painted = replaceTiles(document, sky, new Map([['0,0', 'tile']]));
    const copied = duplicateLayer(painted, sky, 'Sky copy');
    expect(copied.layers[1]).toMatchObject({ name: 'Sky copy', tiles: { '0,0': 'tile' } });
    expect(moveLayer(document, sky, 9).layers.map(({ id }) => id)).toEqual([mask, sky]);
    expect(moveLayer(document, sky, 0)).toBe(document);
  });

  it('lose and gain tiles', () => {
    const painted = replaceTiles(
      document,
      sky,
      new Map([
        ['0,0', 'a'],
        ['1,0', 'b'],
      ]),
    );
    expect(
      replaceTiles(
        painted,
        sky,
        new Map([
          ['0,0', null],
          ['1,0', 'c'],
        ]),
      ).layers[0]?.tiles,
    ).toEqual({ '1,0': 'c' });
    expect(replaceTiles(painted, sky, new Map())).toBe(painted);
  });
});

describe('the frame', () => {
  it('lies inside of the painting in whole pixels', () => {
    const number = fc.double({ min: -2000, max: 3000, noNaN: true });
    const size = fc.integer({ min: 16, max: 2048 });
    fc.assert(
      fc.property(number, number, number, number, size, size, (x, y, width, height, room, model) => {
        const painting = { x: 0, y: 0, width: room, height: room + 9 };
        const wanted = { x, y, width, height };
        for (const frame of [
          snapFrame(wanted, { width: model, height: model }, painting),
          frameWithin(wanted, painting),
        ]) {
          expect(Math.min(frame.width, frame.height)).toBeGreaterThan(0);
          expect(Math.min(frame.x, frame.y)).toBeGreaterThanOrEqual(0);
          expect(frame.x + frame.width).toBeLessThanOrEqual(painting.width);
          expect(frame.y + frame.height).toBeLessThanOrEqual(painting.height);
          expect(Object.values(frame).every(Number.isInteger)).toBe(true);
        }
      }),
    );
  });

  it('snaps to halves of the model’s sides, each for itself', () => {
    const painting = { x: 0, y: 0, width: 2048, height: 2048 };
    const model = { width: 256, height: 256 };
    const snap = (width: number, height: number) => snapFrame({ x: 10, y: 10, width, height }, model, painting);
    expect(snap(400, 390)).toEqual({ x: 10, y: 10, width: 384, height: 384 });
    expect(snap(1000, 390)).toEqual({ x: 10, y: 10, width: 1024, height: 384 });
    expect(snap(1, 9000)).toEqual({ x: 10, y: 0, width: 128, height: 2048 });
  });
});

describe('documents from outside', () => {
  it('are taken as they are', () => {
    expect(parseDocument(JSON.parse(JSON.stringify(document)), 'document')).toEqual(document);
  });

  it.each([
    [{ ...document, version: 2 }, 'reads 1'],
    [{ ...document, width: 0 }, 'width'],
    [{ ...document, layers: [document.layers[0], document.layers[0]] }, 'share an id'],
    [updateLayer(document, sky, { blend: 'burn' as never }), 'blend'],
    [updateLayer(document, sky, { opacity: 2 }), 'opacity'],
    [updateLayer(document, sky, { id: '../x' }), 'must be an id'],
    [replaceTiles(document, sky, new Map([['8,0', 't']])), 'outside the painting'],
    [replaceTiles(document, sky, new Map([['00,0', 't']])), 'outside the painting'],
  ])('are refused: %#', (broken, message) => {
    expect(() => parseDocument(broken, 'document')).toThrow(message);
  });
});
