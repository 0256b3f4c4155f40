/**
 * The Mersenne Twister, as NumPy's RandomState and PyTorch's CPU generator seed and run it.
 * Source: M. Matsumoto and T. Nishimura, "Mersenne Twister", 1998.
 */

const SIZE = 624;
const MIDDLE = 397;

export class Mt19937 {
  readonly #state = new Uint32Array(SIZE);
  #next = SIZE;

  /** @param seed only its low 32 bits count */
  constructor(seed: number) {
    this.#state[0] = seed >>> 0;
    for (let i = 1; i < SIZE; i++) {
      const previous = this.#state[i - 1]!;
      this.#state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  /** A whole number, 0 … 2^32 − 1. */
  next(): number {
    if (this.#next === SIZE) this.#refill();
    let y = this.#state[this.#next++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  #refill(): void {
    const state = this.#state;
    for (let i = 0; i < SIZE; i++) {
      const y = (state[i]! & 0x80000000) | (state[(i + 1) % SIZE]! & 0x7fffffff);
      state[i] = state[(i + MIDDLE) % SIZE]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }
}
