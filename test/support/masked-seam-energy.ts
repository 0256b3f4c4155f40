/**
 * Whether the border of a mask of any shape is seen.
 */
import type { RgbImage } from '../../app/generation/pipeline-event.ts';
import type { Mask } from '../../app/imaging/mask.ts';
import { squaredDistances } from '../../app/imaging/squared-distances.ts';

/** Pixels from the border, on both sides, at which lines like it are taken. */
const LEVELS = [-11, -8, -5, 5, 8, 11];

/** Mean absolute difference of neighbouring pixels across the border, over that across lines along it. 1: like any other. */
export function maskedSeamEnergy(image: RgbImage, cover: Mask): number {
  const { width, height } = cover;
  const inside = cover.data.map((value) => (value > 0 ? 1 : 0));
  const out = squaredDistances(inside, width, height);
  const into = squaredDistances(
    inside.map((value) => 1 - value),
    width,
    height,
  );
  const distance = Float32Array.from(inside, (value, i) =>
    value ? 0.5 - Math.sqrt(into[i] as number) : Math.sqrt(out[i] as number) - 0.5,
  );
  const others = LEVELS.map((level) => changeAcross(image, distance, level));
  return changeAcross(image, distance, 0) / (others.reduce((sum, change) => sum + change, 0) / others.length);
}

/** Over all neighbours of which one has less than the distance and the other at least that. */
function changeAcross({ width, height, data }: RgbImage, distance: Float32Array, level: number): number {
  let [sum, count] = [0, 0];
  const add = (a: number, b: number) => {
    const [near, far] = [distance[a] as number, distance[b] as number];
    if (Math.min(near, far) >= level || Math.max(near, far) < level) return;
    for (let color = 0; color < 3; color++) {
      sum += Math.abs((data[a * 3 + color] as number) - (data[b * 3 + color] as number));
    }
    count += 3;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (x + 1 < width) add(i, i + 1);
      if (y + 1 < height) add(i, i + width);
    }
  }
  return count === 0 ? 0 : sum / count;
}
