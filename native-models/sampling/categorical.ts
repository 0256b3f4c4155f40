/**
 * Draws one index from each row of logits, consuming the random stream as `torch.multinomial(softmax(logits), 1)` does.
 */
import { softmaxRows } from './softmax.ts';
import type { TorchRandom } from './torch-random.ts';

/**
 * @param logits (rows, vocabulary); −∞ is never drawn
 * @returns (rows)
 */
export function sampleCategorical(logits: Float32Array, vocabulary: number, random: TorchRandom): Int32Array {
  const probabilities = logits.slice();
  softmaxRows(probabilities, vocabulary);
  return random.multinomial(probabilities, vocabulary);
}
