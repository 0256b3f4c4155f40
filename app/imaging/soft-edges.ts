/**
 * Soft edges: how strongly the picture changes around each pixel.
 */
import { gaussianBlur } from './gaussian-blur.ts';
import type { Mask } from './mask.ts';
import { planeOnWhite } from './plane-on-white.ts';
import type { RgbaImage } from './rgba.ts';

/** A step of half of what is possible is as bright as an edge can be. */
const GAIN = 2;

/**
 * White on black: the size of the gradient of the blurred picture, of that colour which changes most. An edge is a ridge whose
 * profile is a Gaussian; its height goes by the contrast alone.
 *
 * @param softness standard deviation of the edges' profile in pixels, above 0
 */
export function softEdges(image: RgbaImage, softness: number): Mask {
  const { width, height } = image;
  const largest = new Float32Array(width * height);
  for (let color = 0; color < 3; color++) {
    takeLargerSlopes(largest, gaussianBlur(planeOnWhite(image, color), width, height, softness), width);
  }
  // A blurred step of height 1 has this slope in its middle.
  const steepest = 1 / (softness * Math.sqrt(2 * Math.PI));
  const data = Uint8Array.from(largest, (slope) => Math.min(255, Math.round((GAIN * slope) / steepest)));
  return { width, height, data };
}

/** Central differences, pixels at the border repeated. */
function takeLargerSlopes(largest: Float32Array, plane: Float32Array, width: number): void {
  const height = plane.length / width;
  for (let y = 0; y < height; y++) {
    const [above, below] = [Math.max(0, y - 1) * width, Math.min(height - 1, y + 1) * width];
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.max(0, x - 1), Math.min(width - 1, x + 1)];
      const dx = (plane[y * width + right]! - plane[y * width + left]!) / 2;
      const dy = (plane[below + x]! - plane[above + x]!) / 2;
      const slope = Math.hypot(dx, dy);
      if (slope > largest[y * width + x]!) largest[y * width + x] = slope;
    }
  }
}
