/**
 * How undecided a model is about each token.
 */

/**
 * Entropy of each row of a distribution, in bits: 0 where one entry has it all, log2(width) where all are equal.
 *
 * @param probabilities (rows, width), each row of sum 1
 * @returns (rows)
 */
export function entropyBits(probabilities: Float32Array, width: number): Float32Array {
  const bits = new Float32Array(probabilities.length / width);
  for (let row = 0; row < bits.length; row++) {
    let sum = 0;
    for (let i = row * width; i < (row + 1) * width; i++) {
      const probability = probabilities[i]!;
      if (probability > 0) sum -= probability * Math.log2(probability);
    }
    bits[row] = sum;
  }
  return bits;
}
