import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OutlinePoint, outlineMask } from './mask-outline.ts';

/** Rows of `#` for inside. */
function mask(...rows: string[]) {
  const width = rows[0]?.length ?? 0;
  return { width, height: rows.length, data: Uint8Array.from(rows.join(''), (char) => (char === '#' ? 255 : 0)) };
}

/** Twice the signed area: positive for clockwise, as y grows downwards. */
function area(points: readonly OutlinePoint[]): number {
  return points.reduce((sum, { x, y }, i) => {
    const next = points[(i + 1) % points.length] as OutlinePoint;
    return sum + x * next.y - next.x * y;
  }, 0);
}

describe('the outline of a mask', () => {
  it('of a rectangle has its four corners', () => {
    expect(outlineMask(mask('....', '.##.', '.##.', '....'))).toEqual([
      [
        { x: 3, y: 1 },
        { x: 3, y: 3 },
        { x: 1, y: 3 },
        { x: 1, y: 1 },
      ],
    ]);
  });

  it('runs around holes the other way', () => {
    const [outer, hole, ...more] = outlineMask(mask('###', '#.#', '###'));
    expect(more).toEqual([]);
    expect(area(outer ?? [])).toBe(18);
    expect(area(hole ?? [])).toBe(-2);
  });

  it('keeps pieces apart that touch at a corner', () => {
    expect(outlineMask(mask('#.', '.#'))).toHaveLength(2);
  });

  it('of nothing is nothing, of everything the border', () => {
    expect(outlineMask(mask('..', '..'))).toEqual([]);
    expect(outlineMask(mask('##', '##'))).toHaveLength(1);
  });

  it('encloses as many pixels as the mask has', () => {
    const anyMask = fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
      .chain(([width, height]) => {
        const pixels = fc.array(fc.constantFrom(0, 255), { minLength: width * height, maxLength: width * height });
        return pixels.map((values) => ({ width, height, data: Uint8Array.from(values) }));
      });
    fc.assert(
      fc.property(anyMask, (any) => {
        const inside = any.data.filter((value) => value > 0).length;
        expect(outlineMask(any).reduce((sum, polygon) => sum + area(polygon), 0)).toBe(2 * inside);
      }),
    );
  });
});
