import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packRuns, unpackRuns } from './run-lengths.ts';

it('packs and unpacks every mask', () => {
  const masks = fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
    .chain(([width, height]) =>
      fc
        .array(fc.constantFrom(0, 0, 0, 255, 255, 7), { minLength: width * height, maxLength: width * height })
        .map((data) => ({ width, height, data: Uint8Array.from(data) })),
    );
  fc.assert(
    fc.property(masks, (mask) => {
      expect(unpackRuns(packRuns(mask))).toEqual(mask);
    }),
  );
});

it('makes little of much', () => {
  const { runs } = packRuns({ width: 512, height: 512, data: new Uint8Array(512 * 512) });
  expect(runs.length).toBe((512 * 512 * 2) / 256);
});

it('refuses runs of another size', () => {
  const packed = packRuns({ width: 3, height: 1, data: Uint8Array.of(1, 1, 2) });
  expect(() => unpackRuns({ ...packed, width: 4 })).toThrow('damaged');
  expect(() => unpackRuns({ ...packed, width: 2 })).toThrow('damaged');
});
