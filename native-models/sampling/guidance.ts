/**
 * Classifier-free guidance.
 * Sources: FoundationVision/VAR `models/var.py` (commit 78b9539); FlowAR `models/sampler.py` (wangqiang9/FlowAR 5745a96);
 * FoundationVision/LlamaGen `autoregressive/models/generate.py` (commit ce98ec4).
 */

/**
 * (1 + t)·conditional − t·unconditional, as VAR writes it.
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

/**
 * unconditional + guidance·(conditional − unconditional) in float64, as FlowAR and xAR write it.
 *
 * @param rows conditional rows, then as many unconditional ones
 * @returns half as many rows
 */
export function guide(rows: Float32Array, guidance: number): Float64Array {
  const half = rows.length / 2;
  return Float64Array.from({ length: half }, (_, i) => {
    const unconditional = rows[half + i] as number;
    return unconditional + guidance * ((rows[i] as number) - unconditional);
  });
}

/**
 * unconditional + (conditional − unconditional)·scale in float32, as LlamaGen writes it.
 *
 * @param rows a conditional row, then an unconditional one
 * @param scale 1 gives the conditional row
 * @param result half as many numbers
 */
export function interpolateGuidance(rows: Float32Array, scale: number, result: Float32Array): void {
  const count = result.length;
  const factor = Math.fround(scale);
  for (let i = 0; i < count; i++) {
    const base = rows[count + i]!;
    result[i] = base + Math.fround(Math.fround(rows[i]! - base) * factor);
  }
}
