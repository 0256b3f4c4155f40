/**
 * Diffusion step annealing: the further a picture has come, the fewer steps its next part needs.
 * Source: Zhao et al., "DiSA: Diffusion Step Annealing in Autoregressive Image Generation", 2025 (arXiv 2505.20297);
 * Qinyu-Allen-Zhao/DiSA `FlowAR_DiSA/models/flowar.py`, `xAR_DiSA/models/xar.py` (commit 283fa59).
 */

/** Steps of each part: from `most` for the first down to `least` for the last, linearly, cut off. */
export function annealedSteps(parts: number, most: number, least: number): number[] {
  const last = parts - 1;
  return Array.from({ length: parts }, (_, part) =>
    last === 0 ? most : Math.trunc(((most - least) * (last - part)) / last + least),
  );
}
