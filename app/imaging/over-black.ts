/**
 * Pictures without transparency.
 */
import type { RgbImage } from '../generation/pipeline-event.ts';
import type { RgbaImage } from './rgba.ts';

/** The picture on black: in a control map, what is transparent says nothing. */
export function overBlack({ width, height, data }: RgbaImage): RgbImage {
  const flat = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const alpha = data[pixel * 4 + 3]!;
    for (let color = 0; color < 3; color++) {
      flat[pixel * 3 + color] = Math.round((data[pixel * 4 + color]! * alpha) / 255);
    }
  }
  return { width, height, data: flat };
}
