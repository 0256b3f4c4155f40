/**
 * From a scale's logits to its bits.
 * Source: `autoregressive_infer_cfg` and `sample_with_top_k_top_p_also_inplace_modifying_logits_` in FoundationVision/Infinity
 * `infinity/models/infinity.py` (commit 4c27bbb). Their top-k is for larger alphabets than one bit's.
 */
import { StudioError } from '../../app/base/errors.ts';
import { TorchRandom } from '../sampling/torch-random.ts';

/** How one scale is drawn. */
export interface ScaleSampling {
  /** Guidance: 1 is none. */
  readonly cfg: number;
  /** Temperature. */
  readonly tau: number;
  /** A value whose probability is at most 1 − topP is never drawn; 0 and 1 leave both. */
  readonly topP: number;
}

export interface SampledBits {
  /** (tokens, bits) of 0 and 1 */
  readonly bits: Int32Array;
  /** Of each token, the sum over its bits, in bits. */
  readonly entropy: Float32Array;
}

export class BitSampler {
  readonly #bits: number;
  readonly #random: TorchRandom;

  /** @param bits of a token */
  constructor(bits: number, seed: number) {
    this.#bits = bits;
    this.#random = new TorchRandom(seed);
  }

  /**
   * @param logits (tokens, 2·bits) after guidance: two neighbours for each bit, 0 first
   */
  draw(logits: Float32Array, topP: number): SampledBits {
    const probabilities = pairProbabilities(logits, topP);
    return { bits: this.#random.multinomial(probabilities, 2), entropy: entropyOfTokens(probabilities, this.#bits) };
  }

  /** Leaves the random stream where drawing so many tokens would have left it. */
  skip(tokens: number): void {
    this.#random.skipExponential(tokens * this.#bits * 2);
  }
}

/**
 * Temperature and guidance: cfg·conditional + (1 − cfg)·unconditional.
 *
 * @param raw (1 or 2, tokens, 2·bits): the conditional row, then with guidance the unconditional one
 * @returns (tokens, 2·bits)
 * @throws not-finite when a logit is NaN or infinite
 */
export function guidedLogits(raw: Float32Array, rows: number, { cfg, tau }: ScaleSampling): Float32Array {
  const count = raw.length / rows;
  const result = new Float32Array(count);
  const [gain, more, less] = [Math.fround(1 / tau), Math.fround(cfg), Math.fround(1 - cfg)];
  for (let i = 0; i < count; i++) {
    const conditional = Math.fround(raw[i]! * gain);
    const guided = rows === 2 && cfg !== 1;
    const value = guided
      ? Math.fround(more * conditional) + Math.fround(less * Math.fround(raw[count + i]! * gain))
      : conditional;
    if (!Number.isFinite(value)) throw notFinite();
    result[i] = value;
  }
  return result;
}

function notFinite(): StudioError {
  return new StudioError('not-finite', 'The model gave numbers that are not finite.', {
    hint: 'Try --precision fp32, another provider, or check the checkpoint.',
  });
}

/** Softmax over pairs; the lesser one is removed where it is at most 1 − topP. */
function pairProbabilities(logits: Float32Array, topP: number): Float32Array {
  const result = new Float32Array(logits.length);
  const limit = topP > 0 && topP < 1 ? Math.fround(1 - topP) : -1;
  for (let i = 0; i < logits.length; i += 2) {
    const larger = logits[i + 1]! > logits[i]! ? i + 1 : i;
    const other = i + i + 1 - larger;
    const weight = Math.exp(logits[other]! - logits[larger]!);
    const lesser = Math.fround(weight / (1 + weight));
    const kept = lesser > limit;
    result[other] = kept ? lesser : 0;
    result[larger] = kept ? 1 / (1 + weight) : 1;
  }
  return result;
}

function entropyOfTokens(probabilities: Float32Array, bits: number): Float32Array {
  const entropy = new Float32Array(probabilities.length / (2 * bits));
  for (let i = 0; i < probabilities.length; i++) {
    const probability = probabilities[i]!;
    if (probability > 0 && probability < 1) {
      entropy[Math.floor(i / (2 * bits))]! -= probability * Math.log2(probability);
    }
  }
  return entropy;
}
