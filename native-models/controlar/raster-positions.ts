/**
 * Rotary positions of a raster.
 * Source: `precompute_freqs_cis_2d` in FoundationVision/LlamaGen `autoregressive/models/gpt.py` (commit ce98ec4).
 */
import { type RotaryTable, rotaryTable } from '../layers/rotary.ts';

const BASE = 10_000;

/**
 * A row for each cell of a square grid in raster order, and a last one of zeros: the authors multiply the queries and keys of the
 * prompt's tokens by it.
 *
 * @param side cells along each axis
 * @param headSize d, a multiple of 4
 */
export function rasterPositions(side: number, headSize: number): RotaryTable {
  const quarter = headSize / 4;
  const frequencies = Float32Array.from({ length: quarter }, (_, k) => BASE ** (-k / quarter));
  const cells = Array.from({ length: side * side }, (_, i) => ({ row: Math.floor(i / side), column: i % side }));
  const { cos, sin } = rotaryTable(cells, frequencies);
  const withZeros = (values: Float32Array) => {
    const extended = new Float32Array(values.length + 2 * quarter);
    extended.set(values);
    return extended;
  };
  return { cos: withZeros(cos), sin: withZeros(sin) };
}
