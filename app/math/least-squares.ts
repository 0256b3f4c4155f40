/**
 * Ridge regression by normal equations, in float64.
 */

/**
 * The matrix M that minimises ‖X·M − Y‖² + ridge·‖M‖².
 *
 * @param x rows of predictors, (rows, inputs) row-major
 * @param y rows of targets, (rows, outputs) row-major
 * @param ridge above 0, so that a solution always exists
 * @returns (inputs, outputs) row-major
 */
export function leastSquares(x: Float64Array, y: Float64Array, rows: number, ridge: number): Float64Array {
  const [inputs, outputs] = [x.length / rows, y.length / rows];
  const gram = transposedProduct(x, x, rows, inputs, inputs);
  for (let i = 0; i < inputs; i++) gram[i * inputs + i] = (gram[i * inputs + i] as number) + ridge;
  return solvePositive(gram, transposedProduct(x, y, rows, inputs, outputs), inputs, outputs);
}

/** AᵀB of (rows, n) and (rows, m). */
function transposedProduct(a: Float64Array, b: Float64Array, rows: number, n: number, m: number): Float64Array {
  const result = new Float64Array(n * m);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < n; i++) {
      const factor = a[row * n + i] as number;
      for (let j = 0; j < m; j++) result[i * m + j]! += factor * (b[row * m + j] as number);
    }
  }
  return result;
}

/** Solves A·M = B for a symmetric positive definite A, by Cholesky's decomposition in place. */
function solvePositive(a: Float64Array, b: Float64Array, n: number, m: number): Float64Array {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = a[i * n + j] as number;
      for (let k = 0; k < j; k++) sum -= (a[i * n + k] as number) * (a[j * n + k] as number);
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / (a[j * n + j] as number);
    }
  }
  for (let column = 0; column < m; column++) {
    for (let i = 0; i < n; i++) {
      let sum = b[i * m + column] as number;
      for (let k = 0; k < i; k++) sum -= (a[i * n + k] as number) * (b[k * m + column] as number);
      b[i * m + column] = sum / (a[i * n + i] as number);
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = b[i * m + column] as number;
      for (let k = i + 1; k < n; k++) sum -= (a[k * n + i] as number) * (b[k * m + column] as number);
      b[i * m + column] = sum / (a[i * n + i] as number);
    }
  }
  return b;
}
