/**
 * Random numbers as PyTorch draws them on the CPU, so that a seed means the same there and here.
 *
 * Equal to PyTorch 2.13 on x86-64 with AVX2 or AVX-512, to the last bit: uniform, exponential and normal draws, and picks
 * from given probabilities. PyTorch without AVX2 gives the same normal draws within 3e-6.
 * Source: PyTorch `aten/src/ATen/core/DistributionsHelper.h`, `aten/src/ATen/native/cpu/DistributionTemplates.h`,
 * `aten/src/ATen/native/Distributions.cpp`.
 */
import { fillNormals, NORMAL_BLOCK } from './box-muller.ts';
import { Mt19937, type Mt19937State } from './mt19937.ts';

/** Where a stream is: plain data, which can be kept or sent, to go on from there. */
export interface TorchRandomState {
  readonly engine: Mt19937State;
  /** The second number of the last pair of normal numbers, if it was not asked for yet. */
  readonly spareNormal: number | undefined;
}

/** A little less than 1: covers the rounding of a quotient to float32. */
const ROUNDING = 1 - 1e-6;

export class TorchRandom {
  readonly #engine: Mt19937;
  #spareNormal: number | undefined;

  /** @param start a seed as in `torch.Generator().manual_seed(seed)`, 0 … 2^32 − 1, or a state to go on from */
  constructor(start: number | TorchRandomState) {
    const isSeed = typeof start === 'number';
    this.#engine = new Mt19937(isSeed ? start : start.engine);
    this.#spareNormal = isSeed ? undefined : start.spareNormal;
  }

  /** A copy, which further draws do not change. */
  get state(): TorchRandomState {
    return { engine: this.#engine.state, spareNormal: this.#spareNormal };
  }

  /** A whole number, 0 … 2^32 − 1. */
  random32(): number {
    return this.#engine.next();
  }

  /** A whole number, 0 … 2^64 − 1: the first draw is the high half. */
  random64(): bigint {
    const high = BigInt(this.random32());
    return (high << 32n) | BigInt(this.random32());
  }

  /** `torch.rand` in float32: [0, 1). */
  rand(count: number): Float32Array {
    const values = new Float32Array(count);
    this.#fillUniform(values, 0);
    return values;
  }

  /** `torch.randn` in float32. */
  randn(count: number): Float32Array {
    const values = new Float32Array(count);
    if (count < NORMAL_BLOCK) {
      for (let i = 0; i < count; i++) values[i] = this.#normal();
      return values;
    }
    this.#fillUniform(values, 0);
    for (let start = 0; start + NORMAL_BLOCK <= count; start += NORMAL_BLOCK) fillNormals(values, start);
    if (count % NORMAL_BLOCK !== 0) {
      this.#fillUniform(values, count - NORMAL_BLOCK);
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

  /** Goes on as after `exponential(count)`, or after `multinomial` of `count` probabilities. */
  skipExponential(count: number): void {
    this.#engine.skip(2 * count);
  }

  /**
   * `torch.multinomial(probabilities, 1)`: the largest quotient of probability and exponential draw in each row.
   *
   * @param probabilities (rows, width)
   * @returns (rows)
   */
  multinomial(probabilities: Float32Array, width: number): Int32Array {
    const picks = new Int32Array(probabilities.length / width);
    let passed = 0;
    for (let row = 0; row < picks.length; row++) {
      let best = -1;
      for (let i = 0; i < width; i++) {
        const probability = probabilities[row * width + i]!;
        if (probability === 0) {
          passed++;
          continue;
        }
        this.skipExponential(passed);
        passed = 0;
        const uniform = this.#uniform53();
        // −log(1 − u) ≥ u: most entries cannot win, and need no logarithm.
        if (probability < best * uniform * ROUNDING) continue;
        const quotient = Math.fround(probability / Math.fround(-Math.log1p(-uniform)));
        if (quotient > best) {
          best = quotient;
          picks[row] = i;
        }
      }
    }
    this.skipExponential(passed);
    return picks;
  }

  #fillUniform(values: Float32Array, start: number): void {
    for (let i = start; i < values.length; i++) values[i] = (this.#engine.next() & 0xffffff) / 2 ** 24;
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
