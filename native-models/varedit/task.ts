/**
 * What a transformer was trained for. Infinity's and VAREdit's checkpoints have the same tensors: only the names of the published
 * files tell them, and the sizes of their pictures, apart.
 */

export interface ModelTask {
  /** Whether it edits pictures; else it paints from words alone. */
  readonly edits: boolean;
  /** Scales of the pictures that it was trained on last: 10 for 512×512 pixels, 13 for 1024×1024. */
  readonly scales: number;
}

const SCALES_OF_512 = 10;
const SCALES_OF_1024 = 13;

/** Reads names such as `8B-512.pth`, `varedit_2b_512.safetensors` and `infinity_8b_512x512_weights.safetensors`. */
export function taskOfName(file: string): ModelTask {
  const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  const edits = /varedit/i.test(name) || /^\d+b-(512|1024)\b/i.test(name);
  return { edits, scales: /512/.test(name) ? SCALES_OF_512 : SCALES_OF_1024 };
}
