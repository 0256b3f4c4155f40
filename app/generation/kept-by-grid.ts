/**
 * Which tokens stay in VAR's authors' way of editing pictures.
 * Source: FoundationVision/VAR `demo_zero_shot_edit.ipynb` (commit 78b9539).
 */
import type { Mask } from '../imaging/mask.ts';
import { resizeMask } from '../imaging/resample.ts';

/** Steps of up to this many tokens are kept whole. */
const ALWAYS_KEPT_TOKENS = 3;
const HALF = 128;

/**
 * 1 for each token that is kept: the grid resized to each step (bilinear), then > 0.5; the 1×1 step always.
 *
 * @param grid (P, P) of the finest step, 1 keeps and 0 generates
 * @param tokensPerStep square token maps of the whole picture
 */
export function keptByGrid(grid: ArrayLike<number>, tokensPerStep: readonly number[]): Uint8Array {
  const size = sideOf(tokensPerStep.at(-1) ?? 1);
  const parts = tokensPerStep.map((tokens) => {
    const whole = tokens <= ALWAYS_KEPT_TOKENS;
    return Array.from(resizeGrid(grid, size, sideOf(tokens)), (value) => (whole || value > 0.5 ? 1 : 0));
  });
  return Uint8Array.from(parts.flat());
}

/** The grid for a mask of pixels: a cell is generated when the mask covers half of it. */
export function gridOutside(mask: Mask, tokensPerStep: readonly number[]): Uint8Array {
  const size = sideOf(tokensPerStep.at(-1) ?? 1);
  return resizeMask(mask, size, size).data.map((cover) => (cover < HALF ? 1 : 0));
}

function sideOf(tokens: number): number {
  return Math.round(Math.sqrt(tokens));
}

/**
 * PyTorch's `interpolate(mode='bilinear', align_corners=False)`, no antialiasing. Steps are rounded to float32 as there, fused:
 * where a cell is covered by exactly a half, the last bit decides.
 */
function resizeGrid(grid: ArrayLike<number>, from: number, to: number): Float32Array {
  const round = Math.fround;
  const resized = new Float32Array(to * to);
  const scale = round(from / to);
  const places = Array.from({ length: to }, (_, at) => {
    const center = Math.max(0, round(scale * (at + 0.5) - 0.5));
    const first = Math.floor(center);
    const share = round(center - first);
    return { first, second: Math.min(from - 1, first + 1), share, rest: round(1 - share) };
  });
  for (const [row, y] of places.entries()) {
    for (const [column, x] of places.entries()) {
      const across = (line: number) => {
        const [left, right] = [grid[line * from + x.first] as number, grid[line * from + x.second] as number];
        return round(x.rest * left + x.share * right);
      };
      resized[row * to + column] = round(y.rest * across(y.first)) + round(y.share * across(y.second));
    }
  }
  return resized;
}
