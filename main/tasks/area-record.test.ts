import { describe, expect, it } from 'vitest';
import { randomBytes } from '../../app/imaging/testing/random-bytes.ts';
import { packArea, unpackArea } from './area-record.ts';
import type { AreaTask } from './picture-task.ts';

const [WIDTH, HEIGHT] = [40, 30];
const image = { width: WIDTH, height: HEIGHT, data: randomBytes(WIDTH * HEIGHT * 3, 1) };
const cover = {
  width: WIDTH,
  height: HEIGHT,
  data: randomBytes(WIDTH * HEIGHT, 2).map((value) => (value < 128 ? 0 : value)),
};

function task(way: AreaTask['plan']['way']): AreaTask {
  const frame = { width: 16, height: 16 };
  return { area: { image, cover }, plan: { frame, way, keepSteps: 2, detail: { frame, keepSteps: 8 } } };
}

/** What became of the picture: other colours under the cover, and in the authors' way everywhere. */
function painted(way: AreaTask['plan']['way']) {
  const data = image.data.map((value, i) => (cover.data[Math.floor(i / 3)] || way === 'authors' ? 255 - value : value));
  return { ...image, data };
}

describe('a packed area', () => {
  it.each(['seamless', 'authors'] as const)('comes back to the bit from the painted picture (%s)', async (way) => {
    const packed = await packArea(task(way));
    expect(await unpackArea(JSON.parse(JSON.stringify(packed)), painted(way))).toEqual(task(way));
  });

  it('says so when it is not that of the picture', async () => {
    const packed = await packArea(task('seamless'));
    const other = { width: 1, height: 1, data: new Uint8Array(3) };
    await expect(unpackArea(packed, other)).rejects.toMatchObject({ code: 'corrupt-input' });
    await expect(unpackArea({ ...packed, under: 'bm8gcG5n' }, image)).rejects.toMatchObject({ code: 'corrupt-input' });
  });
});
