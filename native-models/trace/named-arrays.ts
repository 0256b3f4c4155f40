/**
 * Tensors of a trace, made of numbers.
 */
import type { NamedArray } from '../pipeline.ts';

const CROP_PIXELS = 128;

export function f32(data: Float32Array, ...shape: number[]): NamedArray {
  return { type: 'f32', shape, data };
}

export function i32(data: Int32Array, ...shape: number[]): NamedArray {
  return { type: 'i32', shape, data };
}

/** Bytes as int32: a trace holds float32 and int32 only. */
export function bytes(data: Uint8Array, ...shape: number[]): NamedArray {
  return i32(Int32Array.from(data), ...shape);
}

/** One after the other. */
export function joinFloats(parts: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}

/** The middle 128×128 pixels of (1, 3, side, side); all of a smaller picture. */
export function centreCrop(image: Float32Array, side: number): NamedArray {
  const crop = Math.min(CROP_PIXELS, side);
  const start = Math.floor(side / 2) - Math.floor(crop / 2);
  const data = new Float32Array(3 * crop * crop);
  for (let color = 0; color < 3; color++) {
    for (let row = 0; row < crop; row++) {
      const from = (color * side + start + row) * side + start;
      data.set(image.subarray(from, from + crop), (color * crop + row) * crop);
    }
  }
  return f32(data, 1, 3, crop, crop);
}
