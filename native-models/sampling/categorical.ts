/**
 * Draws one index from each row of logits, consuming the random stream as `torch.multinomial(softmax(logits), 1)` does.
 */
import { softmaxRows } from './softmax.ts';
import type { TorchRandom } from './torch-random.ts';

export interface Draws {
  /** (rows) */
  readonly picks: Int32Array;
  /** (rows, vocabulary): what they were drawn from. */
  readonly probabilities: Float32Array;
}

/** @param logits (rows, vocabulary); −∞ is never drawn */
export function sampleCategorical(logits: Float32Array, vocabulary: number, random: TorchRandom): Draws {
  const probabilities = logits.slice();
  softmaxRows(probabilities, vocabulary);
  return { picks: random.multinomial(probabilities, vocabulary), probabilities };
}
