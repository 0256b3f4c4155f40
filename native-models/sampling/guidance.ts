/**
 * Classifier-free guidance as VAR writes it.
 * Source: FoundationVision/VAR `models/var.py` (commit 78b9539).
 */

/**
 * (1 + t)·conditional − t·unconditional.
 *
 * @param rows conditional rows, then as many unconditional ones
 * @param t 0 leaves the conditional rows as they are
 * @returns half as many rows
 */
export function applyGuidance(rows: Float32Array, t: number): Float32Array {
  const count = rows.length / 2;
  const result = new Float32Array(count);
  const [more, less] = [Math.fround(1 + t), Math.fround(t)];
  for (let i = 0; i < count; i++) {
    result[i] = Math.fround(more * rows[i]!) - Math.fround(less * rows[count + i]!);
  }
  return result;
}
