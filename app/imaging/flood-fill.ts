/**
 * The bucket and the magic wand.
 */
import { StudioError } from '../base/errors.ts';
import type { Mask } from './mask.ts';
import type { RgbaImage } from './rgba.ts';

export interface FloodFillOptions {
  /** 0 (the very same colour) … 255 (everything): how far each of red, green, blue and alpha may be from the start. */
  readonly tolerance: number;
  /** Only what hangs together with the start over sides of pixels; otherwise every pixel of a like colour. */
  readonly contiguous: boolean;
}

/** A pixel that would be filled but was not reached yet. */
const LIKE = 1;
const FILLED = 255;

/**
 * The pixels whose colour is like that of pixel (x, y), as a hard mask. Colours are compared premultiplied, so that all
 * fully transparent pixels are alike. A start outside of the picture gives an empty mask.
 *
 * @param x pixels from the left; fractions are dropped
 * @param y pixels from the top
 * @throws bad-request for a tolerance out of its range
 */
export function floodFill(image: RgbaImage, x: number, y: number, options: FloodFillOptions): Mask {
  const { tolerance, contiguous } = options;
  if (!(tolerance >= 0 && tolerance <= 255)) {
    throw new StudioError('bad-request', 'The tolerance of a fill lies between 0 and 255.');
  }
  const { width, height } = image;
  const column = Math.floor(x);
  const row = Math.floor(y);
  const isInside = column >= 0 && column < width && row >= 0 && row < height;
  if (!isInside) return { width, height, data: new Uint8Array(width * height) };
  const start = row * width + column;
  const data = likePixels(image, start, tolerance);
  if (contiguous) fillFrom(data, width, start);
  const wanted = contiguous ? FILLED : LIKE;
  for (let i = 0; i < data.length; i++) data[i] = data[i] === wanted ? 255 : 0;
  return { width, height, data };
}

/** `LIKE` where the colour is at most `tolerance` from that of the start, else 0. */
function likePixels({ width, height, data }: RgbaImage, start: number, tolerance: number): Uint8Array {
  const like = new Uint8Array(width * height);
  const alpha = data[start * 4 + 3]!;
  const red = data[start * 4]! * alpha;
  const green = data[start * 4 + 1]! * alpha;
  const blue = data[start * 4 + 2]! * alpha;
  const reach = tolerance * 255;
  for (let i = 0, at = 0; i < like.length; i++, at += 4) {
    const a = data[at + 3]!;
    const isLike =
      Math.abs(a - alpha) <= tolerance &&
      Math.abs(data[at]! * a - red) <= reach &&
      Math.abs(data[at + 1]! * a - green) <= reach &&
      Math.abs(data[at + 2]! * a - blue) <= reach;
    if (isLike) like[i] = LIKE;
  }
  return like;
}

/** Turns the `LIKE` pixels that hang together with the start into `FILLED`, a run of a row at a time. */
function fillFrom(data: Uint8Array, width: number, start: number): void {
  const waiting = [start];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (data[at] !== LIKE) continue;
    const rowStart = at - (at % width);
    const rowEnd = rowStart + width;
    let first = at;
    while (first > rowStart && data[first - 1] === LIKE) first--;
    let end = at + 1;
    while (end < rowEnd && data[end] === LIKE) end++;
    data.fill(FILLED, first, end);
    if (rowStart > 0) pushRuns(waiting, data, first - width, end - width);
    if (rowEnd < data.length) pushRuns(waiting, data, first + width, end + width);
  }
}

/** Pushes the first pixel of each `LIKE` run between `from` and `to`. */
function pushRuns(waiting: number[], data: Uint8Array, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    if (data[i] === LIKE && (i === from || data[i - 1] !== LIKE)) waiting.push(i);
  }
}
