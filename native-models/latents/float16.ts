/**
 * Float16 numbers as their 16 bits.
 */

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

/** Bits of the infinities: where these are set, a number is not finite. */
const EXPONENT = 0x7c00;

/** The bits of the nearest float16, ties to even; beyond 65504 an infinity. */
export function toFloat16Bits(value: number): number {
  float[0] = value;
  const bits = word[0] as number;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return sign | EXPONENT; // rounds beyond 65504
  if (magnitude < 0x38800000) return sign | roundHalfToEven(Math.abs(float[0] as number) * 2 ** 24); // subnormal
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

export function fromFloat16Bits(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits & EXPONENT) >>> 10;
  const mantissa = bits & 0x3ff;
  if (exponent === 31) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
