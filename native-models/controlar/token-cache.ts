/**
 * Keys and values of the tokens so far, in buffers that the runtime reads where they lie. They grow by chunks, so that no token
 * costs a copy of what is there; what is not filled yet is hidden by the bias.
 */
import { type Feeds, float32, type HostTensor, int64 } from '../runtime.ts';

export interface CacheShape {
  readonly layers: number;
  /** B·H */
  readonly groups: number;
  /** d */
  readonly headSize: number;
  /** Largest number of tokens. */
  readonly limit: number;
}

const CHUNK = 64;

export class TokenCache {
  readonly #shape: CacheShape;
  readonly #names: readonly string[];
  /** (B·H, capacity, d): keys and values of each layer in turn. */
  #buffers: Float32Array[];
  #feeds: Record<string, HostTensor> = {};
  /** (1, capacity + 1), for one new token. */
  #bias = new Float32Array(0);
  #capacity = 0;
  #length = 0;

  constructor(shape: CacheShape) {
    this.#shape = shape;
    this.#names = Array.from({ length: shape.layers }, (_, i) => [`keys.${i}`, `values.${i}`]).flat();
    this.#buffers = this.#names.map(() => new Float32Array(0));
    this.#reserve(1);
  }

  /** Tokens that are there. */
  get length(): number {
    return this.#length;
  }

  /** What the graph is to read for one new token: the cache, the bias and the sizes. */
  feeds(): Feeds {
    return this.#feeds;
  }

  /** The bias of `count` new tokens, each of which sees the cache, itself and those before it: (L, capacity + L). */
  causalFeeds(count: number): Feeds {
    const width = this.#capacity + count;
    const bias = new Float32Array(count * width);
    for (let row = 0; row < count; row++) {
      bias.set(this.#bias.subarray(0, this.#capacity), row * width);
      bias.fill(Number.NEGATIVE_INFINITY, row * width + this.#capacity + row + 1, (row + 1) * width);
    }
    return { ...this.#feeds, bias: float32(bias, count, width), sizes: int64([this.#capacity, count], 2) };
  }

  /**
   * Appends tokens as the graph gives them.
   *
   * @param fresh (2·layers, B·H, count, d)
   */
  append(fresh: Float32Array, count: number): void {
    const { groups, headSize: d } = this.#shape;
    this.#reserve(this.#length + count);
    const run = count * d;
    let from = 0;
    for (const buffer of this.#buffers) {
      for (let group = 0; group < groups; group++) {
        const to = (group * this.#capacity + this.#length) * d;
        for (let i = 0; i < run; i++) buffer[to + i] = fresh[from + i]!;
        from += run;
      }
    }
    this.#bias.fill(0, this.#length, this.#length + count);
    this.#length += count;
  }

  /**
   * Appends one token that stands for several whose keys are all zero: their mean, which every query sees as often.
   *
   * @param fresh (2·layers, B·H, count, d)
   */
  appendMean(fresh: Float32Array, count: number): void {
    const { headSize: d } = this.#shape;
    const mean = new Float32Array(fresh.length / count);
    for (let i = 0; i < mean.length; i++) {
      const at = Math.floor(i / d) * count * d + (i % d);
      let sum = 0;
      for (let token = 0; token < count; token++) sum += fresh[at + token * d]!;
      mean[i] = sum / count;
    }
    this.append(mean, 1);
    this.#bias[this.#length - 1] = Math.log(count);
  }

  #reserve(length: number): void {
    if (length <= this.#capacity) return;
    const { groups, headSize: d, limit } = this.#shape;
    const capacity = Math.max(length, Math.min(limit, Math.ceil(length / CHUNK) * CHUNK));
    this.#buffers = this.#buffers.map((old) => {
      const grown = new Float32Array(groups * capacity * d);
      for (let group = 0; group < groups; group++) {
        const start = group * this.#capacity * d;
        grown.set(old.subarray(start, start + this.#length * d), group * capacity * d);
      }
      return grown;
    });
    const bias = new Float32Array(capacity + 1).fill(Number.NEGATIVE_INFINITY);
    bias.set(this.#bias.subarray(0, this.#length));
    bias[capacity] = 0;
    this.#bias = bias;
    this.#capacity = capacity;
    const caches = this.#names.map((name, i) => [name, float32(this.#buffers[i]!, groups, capacity, d)]);
    this.#feeds = {
      ...Object.fromEntries(caches),
      bias: float32(bias, 1, capacity + 1),
      sizes: int64([capacity, 1], 2),
    };
  }
}
