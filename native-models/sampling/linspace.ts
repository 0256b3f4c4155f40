/**
 * `torch.linspace` in float64, to the last bit: the second half is counted from the end, and products are added unrounded.
 * Source: PyTorch `aten/src/ATen/native/cpu/RangeFactoriesKernel.cpp`, as compiled for AVX2 and AVX-512.
 */
export function linspace(start: number, end: number, count: number): number[] {
  if (count === 1) return [start];
  const step = (end - start) / (count - 1);
  const half = Math.floor(count / 2);
  return Array.from({ length: count }, (_, i) =>
    i < half ? multiplyAdd(step, i, start) : multiplyAdd(-step, count - i - 1, end),
  );
}

/** a·b + c with one rounding: the product is taken in two parts (Dekker), the sum too (Knuth). */
function multiplyAdd(a: number, b: number, c: number): number {
  const product = a * b;
  const [aHigh, bHigh] = [highHalf(a), highHalf(b)];
  const [aLow, bLow] = [a - aHigh, b - bHigh];
  const productError = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
  const sum = product + c;
  const taken = sum - product;
  const sumError = product - (sum - taken) + (c - taken);
  return sum + (productError + sumError);
}

/** The upper 26 bits of a number. */
function highHalf(value: number): number {
  const shifted = value * (2 ** 27 + 1);
  return shifted - (shifted - value);
}
