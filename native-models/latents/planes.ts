/**
 * Latents as tokens, (tokens, channels), and as planes, (channels, tokens).
 */

/** (tokens, channels) → (channels, tokens) */
export function toPlanes(latent: Float32Array, channels: number): Float32Array {
  return transposed(latent, latent.length / channels, channels);
}

/** (channels, tokens) → (tokens, channels) */
export function fromPlanes(planes: Float32Array, channels: number): Float32Array {
  return transposed(planes, channels, planes.length / channels);
}

function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) result[column * rows + row] = matrix[row * columns + column]!;
  }
  return result;
}
