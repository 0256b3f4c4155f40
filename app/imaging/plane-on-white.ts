import type { RgbaImage } from './rgba.ts';

/** A colour (0 red, 1 green, 2 blue) of the picture, 0 … 255; what is transparent is seen on white. */
export function planeOnWhite({ width, height, data }: RgbaImage, color: number): Float32Array {
  const plane = new Float32Array(width * height);
  for (let i = 0; i < plane.length; i++) {
    plane[i] = 255 - ((255 - data[i * 4 + color]!) * data[i * 4 + 3]!) / 255;
  }
  return plane;
}
