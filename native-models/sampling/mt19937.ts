/**
 * The Mersenne Twister, as NumPy's RandomState and PyTorch's CPU generator seed and run it.
 * Source: M. Matsumoto and T. Nishimura, "Mersenne Twister", 1998.
 */

const SIZE = 624;
const MIDDLE = 397;

/** Where an engine is: its 624 words, and which of them is next. */
export interface Mt19937State {
  readonly words: Uint32Array;
  readonly next: number;
}

export class Mt19937 {
  readonly #state = new Uint32Array(SIZE);
  #next = SIZE;

  /** @param start a seed, of which only the low 32 bits count, or a state to go on from */
  constructor(start: number | Mt19937State) {
    if (typeof start !== 'number') {
      this.#state.set(start.words);
      this.#next = start.next;
      return;
    }
    this.#state[0] = start >>> 0;
    for (let i = 1; i < SIZE; i++) {
      const previous = this.#state[i - 1]!;
      this.#state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  /** A copy, which further numbers do not change. */
  get state(): Mt19937State {
    return { words: this.#state.slice(), next: this.#next };
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

  /** As many calls of {@link next} whose numbers nobody looks at. */
  skip(count: number): void {
    for (let left = count; left > 0; ) {
      if (this.#next === SIZE) this.#refill();
      const step = Math.min(left, SIZE - this.#next);
      this.#next += step;
      left -= step;
    }
  }

  #refill(): void {
    const state = this.#state;
    for (let i = 0; i < SIZE - MIDDLE; i++) state[i] = state[i + MIDDLE]! ^ twist(state[i]!, state[i + 1]!);
    for (let i = SIZE - MIDDLE; i < SIZE - 1; i++) {
      state[i] = state[i + MIDDLE - SIZE]! ^ twist(state[i]!, state[i + 1]!);
    }
    state[SIZE - 1] = state[MIDDLE - 1]! ^ twist(state[SIZE - 1]!, state[0]!);
    this.#next = 0;
  }
}

function twist(high: number, low: number): number {
  const y = (high & 0x80000000) | (low & 0x7fffffff);
  return (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
}
