/**
 * Pictures and masks in another size: area averages along an axis that gets shorter, Catmull-Rom along one that gets
 * longer, in the values as they are stored (gamma encoded).
 */
import { StudioError } from '../base/errors.ts';
import type { RgbImage } from '../generation/pipeline-event.ts';
import { type AxisWeights, axisWeights } from './axis-weights.ts';
import type { Mask } from './mask.ts';
import type { RgbaImage } from './rgba.ts';

/** Longest side of a result. */
const MAX_SIDE = 16_384;
/** Most pixels of a result. */
const MAX_PIXELS = 2 ** 27;

/**
 * The picture in another size. Colours are weighted by their alpha, so that hidden ones do not bleed in; fully
 * transparent pixels become black.
 *
 * @throws bad-request for an empty picture, a size that is not whole, or one beyond 16,384 a side or 2²⁷ pixels
 */
export function resizeRgba(image: RgbaImage, width: number, height: number): RgbaImage {
  const data = new Uint8ClampedArray(checkedPixels(image, width, height) * 4);
  resample(image, { width, height, data }, { channels: 4, addRow: addPremultiplied, storeRow: storeUnpremultiplied });
  return { width, height, data };
}

/** The picture in another size. Throws as `resizeRgba`. */
export function resizeRgb(image: RgbImage, width: number, height: number): RgbImage {
  const data = new Uint8Array(checkedPixels(image, width, height) * 3);
  resample(image, { width, height, data }, { channels: 3, addRow: addPlain, storeRow: storePlain });
  return { width, height, data };
}

/** The mask in another size, soft where it has to be. Throws as `resizeRgba`. */
export function resizeMask(mask: Mask, width: number, height: number): Mask {
  const data = new Uint8Array(checkedPixels(mask, width, height));
  resample(mask, { width, height, data }, { channels: 1, addRow: addPlain, storeRow: storePlain });
  return { width, height, data };
}

type Bytes = Uint8Array | Uint8ClampedArray;

interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Bytes;
}

/** How bytes become the numbers that are averaged, and the other way round. */
interface Format {
  readonly channels: number;
  /** Adds the row times `weight` to `sums`, which is as long or longer. */
  readonly addRow: (sums: Float64Array, row: Bytes, weight: number) => void;
  readonly storeRow: (row: Bytes, values: Float64Array) => void;
}

function checkedPixels(source: Plane, width: number, height: number): number {
  const isWhole = Number.isInteger(width) && Number.isInteger(height) && width >= 1 && height >= 1;
  if (!isWhole || width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) {
    throw new StudioError('bad-request', `No picture can be ${width} × ${height} pixels large.`, {
      hint: 'Choose whole numbers from 1 to 16,384, and at most 128 megapixels.',
    });
  }
  if (source.width < 1 || source.height < 1) {
    throw new StudioError('bad-request', 'An empty picture cannot be resized.');
  }
  return width * height;
}

/** A row at a time, the vertical axis first, so that no picture of intermediate size is held. */
function resample(source: Plane, target: Plane, { channels, addRow, storeRow }: Format): void {
  const columns = axisWeights(source.width, target.width);
  const rows = axisWeights(source.height, target.height);
  const sourceRow = source.width * channels;
  const targetRow = target.width * channels;
  const sums = new Float64Array(sourceRow + 3);
  const values = new Float64Array(targetRow + 3);
  for (let y = 0; y < target.height; y++) {
    sums.fill(0);
    for (let k = 0; k < rows.count[y]!; k++) {
      const start = (rows.first[y]! + k) * sourceRow;
      addRow(sums, source.data.subarray(start, start + sourceRow), rows.weights[y * rows.taps + k]!);
    }
    resampleLine(sums, values, columns, channels);
    storeRow(target.data.subarray(y * targetRow, (y + 1) * targetRow), values);
  }
}

/** Always sums four channels, as that is faster than a loop over them; both lines have room for four at their end. */
function resampleLine(sums: Float64Array, values: Float64Array, axis: AxisWeights, channels: number): void {
  const { taps, first, count, weights } = axis;
  for (let x = 0; x < first.length; x++) {
    const end = x * taps + count[x]!;
    let at = first[x]! * channels;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let tap = x * taps; tap < end; tap++, at += channels) {
      const weight = weights[tap]!;
      a += weight * sums[at]!;
      b += weight * sums[at + 1]!;
      c += weight * sums[at + 2]!;
      d += weight * sums[at + 3]!;
    }
    const to = x * channels;
    values[to] = a;
    values[to + 1] = b;
    values[to + 2] = c;
    values[to + 3] = d;
  }
}

function addPlain(sums: Float64Array, row: Bytes, weight: number): void {
  for (let i = 0; i < row.length; i++) sums[i]! += weight * row[i]!;
}

function storePlain(row: Bytes, values: Float64Array): void {
  for (let i = 0; i < row.length; i++) row[i] = toByte(values[i]!);
}

/** Colours become 0 … 255², alpha stays 0 … 255. */
function addPremultiplied(sums: Float64Array, row: Bytes, weight: number): void {
  for (let i = 0; i < row.length; i += 4) {
    const alpha = weight * row[i + 3]!;
    sums[i]! += alpha * row[i]!;
    sums[i + 1]! += alpha * row[i + 1]!;
    sums[i + 2]! += alpha * row[i + 2]!;
    sums[i + 3]! += alpha;
  }
}

function storeUnpremultiplied(row: Bytes, values: Float64Array): void {
  for (let i = 0; i < row.length; i += 4) {
    const alpha = toByte(values[i + 3]!);
    const scale = alpha === 0 ? 0 : 1 / values[i + 3]!;
    row[i] = toByte(values[i]! * scale);
    row[i + 1] = toByte(values[i + 1]! * scale);
    row[i + 2] = toByte(values[i + 2]! * scale);
    row[i + 3] = alpha;
  }
}

/** Rounded half up, which neither kind of byte array does by itself. */
function toByte(value: number): number {
  return Math.floor(Math.min(255, Math.max(0, value)) + 0.5);
}
