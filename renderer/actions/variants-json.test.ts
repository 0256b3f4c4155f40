import { describe, expect, it } from 'vitest';
import type { Variant } from '../stores/staging-store.ts';
import { readVariants, writeVariants } from './variants-json.ts';

const PREVIEW = { width: 1, height: 2, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };

function variant(id: string, live = false): Variant {
  return {
    id,
    parent: null,
    branchStep: 0,
    request: { model: 'starter', label: 3, seed: 7, settings: {} },
    title: 'Ä picture',
    image: { width: 1, height: 1, data: Uint8Array.of(9, 9, 9) },
    decoded: true,
    live,
    cover: null,
    tokens: Int32Array.of(5, -1, 4095),
    entropy: Float32Array.of(0.5, 2),
    previews: [PREVIEW],
    frame: { x: 0, y: 1, width: 256, height: 256 },
    picture: 'p',
  };
}

describe('variants', () => {
  it('come back with their last preview for a picture, to be decoded', async () => {
    const [first, second] = [variant('a'), { ...variant('b'), parent: 'a', branchStep: 4 }];
    const read = await readVariants(await writeVariants([first, second]));
    expect(read).toEqual([first, second].map((kept) => ({ ...kept, image: PREVIEW, decoded: false })));
  });

  it('that were written before are written the same again, beside new ones', async () => {
    const [first, second] = [variant('a'), variant('b')];
    await writeVariants([first]);
    const read = await readVariants(await writeVariants([first, second]));
    expect(read.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('of live painting are not kept', async () => {
    expect(await readVariants(await writeVariants([variant('a', true)]))).toEqual([]);
  });

  it.each(['', '{}', '{"variants":"AAAA"}', '{"variants":["AAAA"]}'])(
    'of another version (%s) are left out',
    async (extras) => {
      expect(await readVariants(extras)).toEqual([]);
    },
  );
});
