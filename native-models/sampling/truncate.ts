/**
 * Top-k and top-p truncation with VAR's conventions, in place: what cannot be drawn becomes −∞.
 * Source: `sample_with_top_k_top_p_` in FoundationVision/VAR `models/helpers.py` (commit 78b9539).
 */

/**
 * Keeps the k largest logits of each row, and all that tie with the smallest of them. 0, or k ≥ the vocabulary, keeps all.
 *
 * @param logits (rows, vocabulary)
 */
export function truncateTopK(logits: Float32Array, vocabulary: number, k: number): void {
  if (k <= 0 || k >= vocabulary) return;
  const sorted = new Float32Array(vocabulary);
  for (let start = 0; start < logits.length; start += vocabulary) {
    const row = logits.subarray(start, start + vocabulary);
    sorted.set(row);
    const threshold = nthLargest(sorted, k);
    for (let i = 0; i < vocabulary; i++) if (row[i]! < threshold) row[i] = -Infinity;
  }
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
  for (let start = 0; start < logits.length; start += vocabulary) {
    const row = logits.subarray(start, start + vocabulary);
    let count = 0;
    for (let i = 0; i < vocabulary; i++) if (row[i]! > -Infinity) finite[count++] = row[i]!;
    const threshold = nucleusThreshold(finite.subarray(0, count).sort(), limit);
    cutBelow(row, threshold);
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

/** @param ascending sorted logits */
function nucleusThreshold(ascending: Float32Array, limit: number): Threshold {
  const largest = ascending.at(-1) as number;
  const weights = new Float64Array(ascending.length);
  let total = 0;
  for (let i = 0; i < weights.length; i++) {
    weights[i] = Math.exp(ascending[i]! - largest);
    total += weights[i]!;
  }
  let cumulative = 0;
  let cut = 0;
  while (cut < ascending.length - 1) {
    cumulative += Math.fround(weights[cut]! / total);
    if (Math.fround(cumulative) > limit) break;
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

/** Quickselect; reorders `values`. */
function nthLargest(values: Float32Array, n: number): number {
  let [left, right] = [0, values.length - 1];
  const target = values.length - n;
  while (left < right) {
    const pivot = values[(left + right) >> 1]!;
    let [i, j] = [left, right];
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i <= j) {
        const swapped = values[i]!;
        values[i++] = values[j]!;
        values[j--] = swapped;
      }
    }
    if (target <= j) right = j;
    else if (target >= i) left = i;
    else break;
  }
  return values[target]!;
}
