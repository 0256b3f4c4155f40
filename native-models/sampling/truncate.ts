/**
 * Top-k and top-p truncation with VAR's conventions, in place: what cannot be drawn becomes −∞.
 * Source: `sample_with_top_k_top_p_` in FoundationVision/VAR `models/helpers.py` (commit 78b9539).
 */

import { BUCKETS, bitsOf, bucketOf } from './float-buckets.ts';

const counts = new Int32Array(BUCKETS);
const masses = new Float64Array(BUCKETS);

/**
 * Keeps the k largest logits of each row, and all that tie with the smallest of them. 0, or k ≥ the vocabulary, keeps all.
 *
 * @param logits (rows, vocabulary)
 */
export function truncateTopK(logits: Float32Array, vocabulary: number, k: number): void {
  if (k <= 0 || k >= vocabulary) return;
  const bits = bitsOf(logits);
  for (let start = 0; start < logits.length; start += vocabulary) {
    const end = start + vocabulary;
    const threshold = nthLargest(logits, bits, start, end, k);
    for (let i = start; i < end; i++) if (logits[i]! < threshold) logits[i] = -Infinity;
  }
}

/** The n-th largest of some numbers: their buckets are counted from the top, and only the one with the n-th is sorted. */
function nthLargest(values: Float32Array, bits: Int32Array, start: number, end: number, n: number): number {
  counts.fill(0);
  for (let i = start; i < end; i++) counts[bucketOf(bits[i]!)]!++;
  let bucket = BUCKETS - 1;
  let larger = 0;
  while (larger + counts[bucket]! < n) larger += counts[bucket--]!;
  return bucketSorted(values, bits, start, end, bucket).at(larger - n) as number;
}

/** The numbers of one bucket, ascending. */
function bucketSorted(values: Float32Array, bits: Int32Array, start: number, end: number, bucket: number) {
  const members = new Float32Array(counts[bucket]!);
  let found = 0;
  for (let i = start; i < end; i++) if (bucketOf(bits[i]!) === bucket) members[found++] = values[i]!;
  return members.sort();
}

/**
 * Removes, from the smallest up, logits whose cumulative probability is at most 1 − p; never the largest.
 * 0, or p ≥ 1, keeps all.
 *
 * @param logits (rows, vocabulary); −∞ has probability 0
 */
export function truncateTopP(logits: Float32Array, vocabulary: number, p: number): void {
  if (p <= 0 || p >= 1) return;
  const limit = Math.fround(1 - p);
  const finite = new Float32Array(vocabulary);
  const bits = bitsOf(finite);
  for (let start = 0; start < logits.length; start += vocabulary) {
    const row = logits.subarray(start, start + vocabulary);
    let count = 0;
    for (let i = 0; i < vocabulary; i++) if (row[i]! > -Infinity) finite[count++] = row[i]!;
    cutBelow(row, nucleusThreshold(finite.subarray(0, count), bits, limit));
  }
}

/**
 * Keeps the likeliest logits of each row up to and including the first at which their probabilities exceed p together: the
 * convention of Hugging Face, which LlamaGen uses. 1 and above keep all.
 *
 * @param logits (rows, vocabulary); −∞ has probability 0
 */
export function truncateNucleus(logits: Float32Array, vocabulary: number, p: number): void {
  if (p >= 1) return;
  const limit = Math.fround(p);
  for (let start = 0; start < logits.length; start += vocabulary) {
    const row = logits.subarray(start, start + vocabulary);
    const ascending = row.filter((value) => value > -Infinity).sort();
    const largest = ascending.at(-1) as number;
    let total = 0;
    for (const value of ascending) total += Math.exp(value - largest);
    let cumulative = 0;
    let kept = 0;
    while (kept < ascending.length && Math.fround(cumulative) <= limit) {
      kept++;
      cumulative += Math.fround(Math.exp(ascending[ascending.length - kept]! - largest) / total);
    }
    const threshold = ascending[ascending.length - Math.max(1, kept)]!;
    for (let i = 0; i < vocabulary; i++) if (row[i]! < threshold) row[i] = -Infinity;
  }
}

/** What stays of a row: values above `value`, and of those equal to it all but the first `removed`. */
interface Threshold {
  readonly value: number;
  readonly removed: number;
}

/** Probabilities are summed by buckets, and one by one only in the bucket where the sum passes the limit. */
function nucleusThreshold(values: Float32Array, bits: Int32Array, limit: number): Threshold {
  let largest = -Infinity;
  for (let i = 0; i < values.length; i++) if (values[i]! > largest) largest = values[i]!;
  const weights = new Float64Array(values.length);
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    weights[i] = Math.exp(values[i]! - largest);
    total += weights[i]!;
  }
  counts.fill(0);
  masses.fill(0);
  for (let i = 0; i < weights.length; i++) {
    const bucket = bucketOf(bits[i]!);
    counts[bucket]!++;
    masses[bucket]! += Math.fround(weights[i]! / total);
  }
  const last = bucketOf(bits[values.indexOf(largest)]!);
  let bucket = 0;
  let cumulative = 0;
  while (bucket < last && Math.fround(cumulative + masses[bucket]!) <= limit) cumulative += masses[bucket++]!;
  return thresholdWithin(bucketSorted(values, bits, 0, values.length, bucket), { largest, total, limit, cumulative });
}

/** @param ascending the bucket's logits */
function thresholdWithin(
  ascending: Float32Array,
  sums: { largest: number; total: number; limit: number; cumulative: number },
): Threshold {
  let { cumulative } = sums;
  let cut = 0;
  while (cut < ascending.length - 1) {
    cumulative += Math.fround(Math.exp(ascending[cut]! - sums.largest) / sums.total);
    if (Math.fround(cumulative) > sums.limit) break;
    cut++;
  }
  const value = ascending[cut] as number;
  let removed = 0;
  while (removed < cut && ascending[cut - 1 - removed] === value) removed++;
  return { value, removed };
}

function cutBelow(row: Float32Array, { value, removed }: Threshold): void {
  let ties = removed;
  for (let i = 0; i < row.length; i++) {
    if (row[i]! < value || (row[i] === value && ties-- > 0)) row[i] = -Infinity;
  }
}
