/**
 * Box and Muller's transform as PyTorch's vectorised kernel (AVX2 and AVX-512) evaluates it: the Cephes library's float32
 * polynomials with fused multiply-adds, to the last bit.
 * Source: PyTorch `aten/src/ATen/native/cpu/avx_mathfun.h`; S. L. Moshier, Cephes mathematical library.
 */

/** How many numbers are transformed at a time: 8 uniform numbers for the radius, 8 for the angle. */
export const NORMAL_BLOCK = 16;

const HALF = NORMAL_BLOCK / 2;
const TWO_PI = Math.fround(2 * Math.PI);
const SQRT_HALF = Math.fround(Math.SQRT1_2);
const FOUR_OVER_PI = Math.fround(4 / Math.PI);

/** log 2 in two parts, so that the first has few digits. */
const LOG_2_HIGH = 0.693359375;
const LOG_2_LOW = Math.fround(-2.1219444e-4);
const LOG_POLYNOMIAL = Float32Array.of(
  7.0376836292e-2,
  -1.151461031e-1,
  1.167699874e-1,
  -1.2420140846e-1,
  1.4249322787e-1,
  -1.6668057665e-1,
  2.0000714765e-1,
  -2.4999993993e-1,
  3.3333331174e-1,
);

/** π/4 in three parts. */
const QUARTER_PI = Float32Array.of(0.78515625, 2.4187564849853516e-4, 3.774894977445941e-8);
const COS_POLYNOMIAL = Float32Array.of(2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2);
const SIN_POLYNOMIAL = Float32Array.of(-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1);

const float = new Float32Array(1);
const word = new Int32Array(float.buffer);

/** 16 uniform numbers in [0, 1) become 16 normal ones, in place. */
export function fillNormals(values: Float32Array, start: number): void {
  for (let i = start; i < start + HALF; i++) {
    const radius = Math.fround(Math.sqrt(-2 * log(1 - values[i]!)));
    const angle = Math.fround(TWO_PI * values[i + HALF]!);
    const octant = (Math.fround(angle * FOUR_OVER_PI) + 1) & ~1;
    const rest = reduce(angle, octant);
    const square = Math.fround(rest * rest);
    const [cos, sin] = [cosNearZero(square), sinNearZero(rest, square)];
    const isSwapped = (octant & 2) !== 0;
    const x = isSwapped ? sin : cos;
    const y = isSwapped ? cos : sin;
    values[i] = radius * (((octant - 2) & 4) === 0 ? -x : x);
    values[i + HALF] = radius * ((octant & 4) === 0 ? y : -y);
  }
}

/** Of a float32 in (0, 1]. */
function log(value: number): number {
  float[0] = value;
  let exponent = (word[0]! >>> 23) - 126;
  word[0] = (word[0]! & 0x7fffff) | 0x3f000000; // float[0] is the mantissa now, in [0.5, 1)
  let x = float[0]! - 1;
  if (float[0]! < SQRT_HALF) {
    exponent--;
    x += float[0]!;
  }
  const square = Math.fround(x * x);
  let y = Math.fround(polynomial(LOG_POLYNOMIAL, x) * x);
  y = fused(y, square, Math.fround(exponent * LOG_2_LOW));
  y = fused(square, -0.5, y);
  return fused(exponent, LOG_2_HIGH, Math.fround(x + y));
}

/** The angle less `octant`·π/4. */
function reduce(angle: number, octant: number): number {
  let rest = angle;
  for (let i = 0; i < QUARTER_PI.length; i++) rest = fused(octant, -QUARTER_PI[i]!, rest);
  return rest;
}

function cosNearZero(square: number): number {
  const y = Math.fround(polynomial(COS_POLYNOMIAL, square) * square);
  return Math.fround(fused(y, square, -0.5 * square) + 1);
}

function sinNearZero(x: number, square: number): number {
  return fused(Math.fround(polynomial(SIN_POLYNOMIAL, square) * square), x, x);
}

function polynomial(coefficients: Float32Array, x: number): number {
  let y = coefficients[0]!;
  for (let i = 1; i < coefficients.length; i++) y = fused(y, x, coefficients[i]!);
  return y;
}

/** a·b + c of float32 numbers, rounded once to float32. */
function fused(a: number, b: number, c: number): number {
  return Math.fround(a * b + c);
}
