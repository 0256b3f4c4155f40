/**
 * Eight-bit weights: symmetric, one scale for each output.
 */

export interface QuantizedMatrix {
  /** (in, out): the transpose of PyTorch's Linear, as integer matrix products read it. */
  readonly data: Int8Array;
  /** (out) */
  readonly scale: Float32Array;
}

/** Quantizes a Linear's weight (out, in). A row of zeros gets scale 1. */
export function quantizeLinear(weight: Float32Array, outputs: number): QuantizedMatrix {
  const inputs = weight.length / outputs;
  const data = new Int8Array(weight.length);
  const scale = rowScales(weight, outputs);
  for (let row = 0; row < outputs; row++) {
    const factor = 1 / (scale[row] as number);
    for (let column = 0; column < inputs; column++) {
      data[column * outputs + row] = Math.round((weight[row * inputs + column] as number) * factor);
    }
  }
  return { data, scale };
}

/** Quantizes a convolution's weight (out, in, k, k), keeping its layout. */
export function quantizeConv(weight: Float32Array, outputs: number): QuantizedMatrix {
  const inputs = weight.length / outputs;
  const scale = rowScales(weight, outputs);
  const data = Int8Array.from(weight, (value, i) => Math.round(value / (scale[Math.floor(i / inputs)] as number)));
  return { data, scale };
}

/** Largest magnitude of each row over 127. */
function rowScales(weight: Float32Array, rows: number): Float32Array {
  const columns = weight.length / rows;
  return Float32Array.from({ length: rows }, (_, row) => {
    let largest = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++)
      largest = Math.max(largest, Math.abs(weight[i] as number));
    return largest > 0 ? largest / 127 : 1;
  });
}
