/**
 * From raw logits to tokens: guidance, truncation, the draw, and the mixing of codes.
 * Source: `autoregressive_infer_cfg` in FoundationVision/VAR `models/var.py`, `models/helpers.py` (commit 78b9539).
 */
import { StudioError } from '../../app/base/errors.ts';
import { sampleCategorical } from './categorical.ts';
import { entropyBits } from './entropy.ts';
import { applyGuidance } from './guidance.ts';
import { gumbelNoise, gumbelSoftmax, mixCodebook } from './gumbel.ts';
import { TorchRandom, type TorchRandomState } from './torch-random.ts';
import { truncateTopK, truncateTopP } from './truncate.ts';

export interface SampleRowsTask {
  /** (2, rows, vocabulary): conditional rows, then as many unconditional ones. */
  readonly raw: Float32Array;
  readonly vocabulary: number;
  /** Weight of guidance; see `applyGuidance`. */
  readonly guidance: number;
  /** 0 takes all. */
  readonly topK: number;
  /** 0 takes all. */
  readonly topP: number;
  /** Where the stream of the draws is at the first row. */
  readonly random: TorchRandomState;
  /** Tokens to take instead of drawing, one a row. */
  readonly forced: Int32Array | undefined;
  readonly mixing: MixingTask | undefined;
  /** Which large intermediate results are wanted. */
  readonly keep: 'nothing' | 'probabilities' | 'everything';
}

/** Codes are mixed instead of looked up. */
export interface MixingTask {
  /** (vocabulary, channels) */
  readonly codebook: Float32Array;
  /** Logits are multiplied by it. */
  readonly gain: number;
  readonly temperature: number;
  /** Gumbel noise (rows, vocabulary), or where the stream is that it is drawn from. */
  readonly noise: Float32Array | TorchRandomState;
}

export interface SampledRows {
  readonly tokens: Int32Array;
  /** Bits, for each row; 0 where the token was forced. */
  readonly entropy: Float32Array;
  /** (rows, channels); undefined without mixing. */
  readonly codes: Float32Array | undefined;
  /** (rows, vocabulary) each: what the tokens were drawn from, the logits after guidance, and those after truncation. */
  readonly probabilities: Float32Array | undefined;
  readonly logits: Float32Array | undefined;
  readonly truncated: Float32Array | undefined;
}

/** Throws `not-finite` when a logit is NaN or infinite. */
export function sampleRows(task: SampleRowsTask): SampledRows {
  const { vocabulary, forced, keep } = task;
  const logits = applyGuidance(task.raw, task.guidance); // (rows, V)
  checkFinite(logits);
  const exact = keep === 'everything' ? logits.slice() : undefined;
  truncateTopK(logits, vocabulary, task.topK);
  truncateTopP(logits, vocabulary, task.topP);
  const drawn = forced ? undefined : sampleCategorical(logits, vocabulary, new TorchRandom(task.random));
  const tokens = forced ?? (drawn?.picks as Int32Array);
  return {
    tokens,
    entropy: drawn ? entropyBits(drawn.probabilities, vocabulary) : new Float32Array(tokens.length),
    codes: task.mixing && mix(logits, vocabulary, task.mixing),
    probabilities: keep === 'nothing' ? undefined : drawn?.probabilities,
    logits: exact,
    truncated: keep === 'everything' ? logits : undefined,
  };
}

/** The mixture of codes by Gumbel-softmax weights. */
function mix(truncated: Float32Array, vocabulary: number, { codebook, noise, ...weighing }: MixingTask): Float32Array {
  const gumbel = noise instanceof Float32Array ? noise : gumbelNoise(truncated.length, new TorchRandom(noise));
  const weights = gumbelSoftmax(truncated, gumbel, { vocabulary, ...weighing });
  return mixCodebook(weights, codebook, vocabulary, codebook.length / vocabulary);
}

function checkFinite(values: Float32Array): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new StudioError('not-finite', 'The model gave numbers that are not finite.', {
        hint: 'Try --precision fp32, another provider, or check the checkpoint.',
      });
    }
  }
}
