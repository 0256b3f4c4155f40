/**
 * Edge maps, as control models want them.
 */
import { StudioError } from '../base/errors.ts';
import { gaussianBlur } from './gaussian-blur.ts';
import type { Mask } from './mask.ts';
import { planeOnWhite } from './plane-on-white.ts';
import type { RgbaImage } from './rgba.ts';

export interface EdgeOptions {
  /** An edge goes on as long as its gradient is above this. |∂x| + |∂y| of a 3×3 Sobel filter: 0 … 1,530. */
  readonly low: number;
  /** An edge is one if its gradient is above this somewhere; at least `low`. */
  readonly high: number;
  /** Standard deviation in pixels of the Gaussian that removes noise first; 0 for none. */
  readonly blur: number;
}

/** Slope of the line between "across" and "diagonal": tan 22.5°. */
const SHALLOW = Math.SQRT2 - 1;
/** tan 67.5° */
const STEEP = Math.SQRT2 + 1;

/** An edge pixel that no strong one has reached yet. */
const WEAK = 1;
const EDGE = 255;

/**
 * The edges of the picture: 255 on lines one pixel thin, 0 elsewhere. Of red, green and blue, the one with the largest
 * gradient counts at each pixel. What is transparent is seen on white.
 *
 * Canny, "A Computational Approach to Edge Detection", 1986. Without blur the result is that of OpenCV's `Canny` on the
 * colour picture with the same thresholds, which is what edge-controlled models are trained on.
 *
 * @throws bad-request for thresholds or a blur that make no sense
 */
export function cannyEdges(image: RgbaImage, { low, high, blur }: EdgeOptions): Mask {
  if (!(low >= 0 && low <= high && blur >= 0 && Number.isFinite(blur))) {
    throw new StudioError('bad-request', 'The lower threshold of edges lies between 0 and the upper one.', {
      hint: 'Choose thresholds such as 100 and 200, and a blur of 0 or more.',
    });
  }
  const { width, height } = image;
  const field: GradientField = {
    width,
    height,
    x: new Float32Array(width * height),
    y: new Float32Array(width * height),
    size: new Float32Array(width * height),
  };
  for (let color = 0; color < 3; color++) {
    takeLargerGradients(field, gaussianBlur(planeOnWhite(image, color), width, height, blur));
  }
  const data = new Uint8Array(width * height);
  const strong = markRidges(field, data, { low, high });
  follow(data, width, strong);
  return { width, height, data };
}

/** ∂x, ∂y and |∂x| + |∂y| of every pixel. */
interface GradientField {
  readonly width: number;
  readonly height: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly size: Float32Array;
}

/** Sobel, 3×3, pixels at the border repeated; kept where it is larger than what the field has. */
function takeLargerGradients(field: GradientField, plane: Float32Array): void {
  const { width, height } = field;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const above = Math.max(0, y - 1) * width;
    const below = Math.min(height - 1, y + 1) * width;
    for (let x = 0; x < width; x++) {
      const left = x === 0 ? 0 : x - 1;
      const right = x === width - 1 ? x : x + 1;
      const falling = plane[below + right]! - plane[above + left]!;
      const rising = plane[above + right]! - plane[below + left]!;
      const dx = falling + rising + 2 * (plane[row + right]! - plane[row + left]!);
      const dy = falling - rising + 2 * (plane[below + x]! - plane[above + x]!);
      const size = Math.abs(dx) + Math.abs(dy);
      if (size <= field.size[row + x]!) continue;
      field.x[row + x] = dx;
      field.y[row + x] = dy;
      field.size[row + x] = size;
    }
  }
}

/** Marks the pixels above `low` where the gradient is largest along its own direction; gives those above `high`. */
function markRidges(field: GradientField, data: Uint8Array, { low, high }: { low: number; high: number }): number[] {
  const strong: number[] = [];
  for (let y = 0; y < field.height; y++) {
    for (let x = 0; x < field.width; x++) {
      const at = y * field.width + x;
      const size = field.size[at]!;
      if (size <= low || !isRidge(field, x, y)) continue;
      data[at] = size > high ? EDGE : WEAK;
      if (size > high) strong.push(at);
    }
  }
  return strong;
}

/** Of two equal neighbours across an edge, the right or lower one gives way; on a diagonal both do. */
function isRidge(field: GradientField, x: number, y: number): boolean {
  const at = y * field.width + x;
  const dx = field.x[at]!;
  const dy = field.y[at]!;
  const size = field.size[at]!;
  const steepness = Math.abs(dy);
  if (steepness < SHALLOW * Math.abs(dx)) return size > sizeAt(field, x - 1, y) && size >= sizeAt(field, x + 1, y);
  if (steepness > STEEP * Math.abs(dx)) return size > sizeAt(field, x, y - 1) && size >= sizeAt(field, x, y + 1);
  const side = dx < 0 === dy < 0 ? 1 : -1;
  return size > sizeAt(field, x - side, y - 1) && size > sizeAt(field, x + side, y + 1);
}

function sizeAt({ width, height, size }: GradientField, x: number, y: number): number {
  return x < 0 || y < 0 || x >= width || y >= height ? 0 : size[y * width + x]!;
}

/** Makes edges of the weak pixels that touch one, also at a corner, and removes the rest. */
function follow(data: Uint8Array, width: number, strong: number[]): void {
  for (let at = strong.pop(); at !== undefined; at = strong.pop()) {
    const x = at % width;
    const left = x === 0 ? 0 : -1;
    const right = x === width - 1 ? 0 : 1;
    for (let row = at - width; row <= at + width; row += width) {
      for (let near = row + left; near <= row + right; near++) {
        if (data[near] !== WEAK) continue;
        data[near] = EDGE;
        strong.push(near);
      }
    }
  }
  for (let i = 0; i < data.length; i++) if (data[i] === WEAK) data[i] = 0;
}
