/**
 * Random numbers as PyTorch draws them on the CPU, so that a seed means the same there and here.
 * Source: PyTorch `aten/src/ATen/core/DistributionsHelper.h`, `aten/src/ATen/native/cpu/DistributionTemplates.h`.
 */
import { Mt19937 } from './mt19937.ts';

/** Below this size PyTorch draws normal numbers one by one, in float64. */
const NORMAL_BLOCK = 16;

export class TorchRandom {
  readonly #engine: Mt19937;
  #spareNormal: number | undefined;

  /** @param seed as in `torch.Generator().manual_seed(seed)`, 0 … 2^32 − 1 */
  constructor(seed: number) {
    this.#engine = new Mt19937(seed);
  }

  /** `torch.rand` in float32: [0, 1). */
  rand(count: number): Float32Array {
    return Float32Array.from({ length: count }, () => this.#uniform24());
  }

  /** `torch.randn` in float32; equal to PyTorch up to the rounding of its vectorised log, cos and sin. */
  randn(count: number): Float32Array {
    if (count < NORMAL_BLOCK) return Float32Array.from({ length: count }, () => this.#normal());
    const values = this.rand(count);
    for (let start = 0; start + NORMAL_BLOCK <= count; start += NORMAL_BLOCK) fillNormals(values, start);
    if (count % NORMAL_BLOCK !== 0) {
      values.set(this.rand(NORMAL_BLOCK), count - NORMAL_BLOCK);
      fillNormals(values, count - NORMAL_BLOCK);
    }
    return values;
  }

  /** `tensor.exponential_()` in float32. */
  exponential(count: number): Float32Array {
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = -Math.log1p(-this.#uniform53());
    return values;
  }

  /**
   * `torch.multinomial(probabilities, 1)`: the largest quotient of probability and exponential draw in each row.
   *
   * @param probabilities (rows, width)
   * @returns (rows)
   */
  multinomial(probabilities: Float32Array, width: number): Int32Array {
    const picks = new Int32Array(probabilities.length / width);
    for (let row = 0; row < picks.length; row++) {
      let best = -1;
      for (let i = 0; i < width; i++) {
        const draw = Math.fround(-Math.log1p(-this.#uniform53()));
        const quotient = Math.fround(probabilities[row * width + i]! / draw);
        if (quotient > best) {
          best = quotient;
          picks[row] = i;
        }
      }
    }
    return picks;
  }

  #uniform24(): number {
    return (this.#engine.next() & 0xffffff) / 2 ** 24;
  }

  #uniform53(): number {
    const high = this.#engine.next() & 0x1fffff;
    return (high * 2 ** 32 + this.#engine.next()) / 2 ** 53;
  }

  #normal(): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return spare;
    }
    const angle = 2 * Math.PI * this.#uniform53();
    const radius = Math.sqrt(-2 * Math.log1p(-this.#uniform53()));
    this.#spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

/** Box and Muller's transform of 16 uniform numbers, in place. */
function fillNormals(values: Float32Array, start: number): void {
  for (let i = start; i < start + NORMAL_BLOCK / 2; i++) {
    const radius = Math.sqrt(-2 * Math.log(1 - values[i]!));
    const angle = 2 * Math.PI * values[i + NORMAL_BLOCK / 2]!;
    values[i] = radius * Math.cos(angle);
    values[i + NORMAL_BLOCK / 2] = radius * Math.sin(angle);
  }
}
