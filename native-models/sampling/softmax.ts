/**
 * Row-wise softmax on the host.
 */

/** In place over rows of `width`; −∞ becomes exactly 0. */
export function softmaxRows(values: Float32Array, width: number): void {
  for (let start = 0; start < values.length; start += width) {
    const row = values.subarray(start, start + width);
    let largest = -Infinity;
    for (let i = 0; i < width; i++) if (row[i]! > largest) largest = row[i]!;
    let total = 0;
    for (let i = 0; i < width; i++) {
      const weight = row[i] === -Infinity ? 0 : Math.exp(row[i]! - largest);
      row[i] = weight;
      total += weight;
    }
    for (let i = 0; i < width; i++) row[i]! /= total;
  }
}
