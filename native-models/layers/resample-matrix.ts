/**
 * Spatial resampling as small matrices: along each axis, Y = P·X·Pᵀ. Exact for every execution provider.
 * Each function gives (to, from) row-major, computed in float64.
 */

const cache = new Map<string, Float32Array>();

/** PyTorch's `interpolate(mode='bicubic')`: a = −0.75, half-pixel centres, edge taps clamped, no antialiasing. */
export function bicubicMatrix(from: number, to: number): Float32Array {
  return cached('bicubic', from, to, (matrix, row) => {
    const center = ((row + 0.5) * from) / to - 0.5;
    const first = Math.floor(center);
    for (let tap = -1; tap <= 2; tap++) {
      addTap(matrix, row, from, first + tap, cubicWeight(Math.abs(center - first - tap)));
    }
  });
}

/** PyTorch's `interpolate(mode='area')`: adaptive average pooling, whose windows overlap when `to` does not divide `from`. */
export function areaMatrix(from: number, to: number): Float32Array {
  return cached('area', from, to, (matrix, row) => {
    const start = Math.floor((row * from) / to);
    const end = Math.ceil(((row + 1) * from) / to);
    for (let column = start; column < end; column++) addTap(matrix, row, from, column, 1 / (end - start));
  });
}

/**
 * Y = P·X·Pᵀ on each plane.
 *
 * @param matrix (to, from)
 * @param planes (planes, from, from)
 * @returns (planes, to, to)
 */
export function applySeparable(matrix: Float32Array, planes: Float32Array, from: number, to: number): Float32Array {
  const count = planes.length / (from * from);
  const rows = new Float64Array(to * from);
  const result = new Float32Array(count * to * to);
  for (let plane = 0; plane < count; plane++) {
    const x = planes.subarray(plane * from * from, (plane + 1) * from * from);
    multiply(matrix, x, rows, { n: to, k: from, m: from, transposeB: false });
    const y = result.subarray(plane * to * to, (plane + 1) * to * to);
    multiply(rows, matrix, y, { n: to, k: from, m: to, transposeB: true });
  }
  return result;
}

type Numbers = Float32Array | Float64Array;

/** out (n, m) = a (n, k) · b, where b is (k, m), or (m, k) when transposed. */
function multiply(
  a: Numbers,
  b: Numbers,
  out: Numbers,
  size: { n: number; k: number; m: number; transposeB: boolean },
): void {
  const { n, k, m, transposeB } = size;
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < m; column++) {
      let sum = 0;
      for (let i = 0; i < k; i++) sum += a[row * k + i]! * b[transposeB ? column * k + i : i * m + column]!;
      out[row * m + column] = sum;
    }
  }
}

function cached(
  kind: string,
  from: number,
  to: number,
  fillRow: (matrix: Float64Array, row: number) => void,
): Float32Array {
  const key = `${kind} ${from} ${to}`;
  const known = cache.get(key);
  if (known) return known;
  const matrix = new Float64Array(from * to);
  for (let row = 0; row < to; row++) fillRow(matrix, row);
  const result = Float32Array.from(matrix);
  cache.set(key, result);
  return result;
}

function addTap(matrix: Float64Array, row: number, from: number, column: number, weight: number): void {
  const clamped = Math.max(0, Math.min(from - 1, column));
  matrix[row * from + clamped]! += weight;
}

/** Keys' cubic convolution kernel with a = −0.75. */
export function cubicWeight(distance: number): number {
  const a = -0.75;
  if (distance <= 1) return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
  if (distance < 2) return ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a;
  return 0;
}
