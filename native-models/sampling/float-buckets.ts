/**
 * Buckets of float32 numbers in ascending order: sign, exponent and the first bits of the fraction. Sums over buckets find where
 * to look in a row without sorting it.
 */

/** Bits of a float32 that choose its bucket. */
const BUCKET_BITS = 12;
export const BUCKETS = 2 ** BUCKET_BITS;
const SHIFT = 32 - BUCKET_BITS;

/**
 * The bucket of a float32, given by its bits: 0 has the smallest numbers. Positive numbers get their sign turned, negative ones
 * all bits; without a branch, which would be guessed wrong half of the time.
 */
export function bucketOf(bits: number): number {
  return (bits ^ ((bits >> 31) | 0x80000000)) >>> SHIFT;
}

/** The bits of float32 numbers, in the same memory. */
export function bitsOf(values: Float32Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length);
}
