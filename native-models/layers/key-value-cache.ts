/**
 * Keys and values of the tokens so far, on the host.
 *
 * Tokens come first: those that are there are the beginning of a buffer, so that a run gets them without a copy, new ones are
 * put behind them, and going back to an earlier token costs nothing. A cache takes its whole memory once, when it is made.
 */
import { type Feeds, type Fetches, float32, floats } from '../runtime.ts';

export interface CacheLayout {
  /** Inputs of the graph; the output `name:new` has what a step adds. */
  readonly names: readonly string[];
  readonly heads: number;
  /** Channels of a head. */
  readonly size: number;
  /** Tokens that there is room for. */
  readonly capacity: number;
}

/** A row of a cache. */
export interface CacheRow {
  readonly cache: KeyValueCache;
  readonly row: number;
}

export class KeyValueCache {
  readonly layout: CacheLayout;
  readonly rows: number;
  /** (capacity, rows, heads, size) for each name. */
  readonly #buffers: ReadonlyMap<string, Float32Array>;
  #tokens = 0;

  constructor(layout: CacheLayout, rows: number) {
    this.layout = layout;
    this.rows = rows;
    const length = layout.capacity * this.#stride;
    this.#buffers = new Map(layout.names.map((name) => [name, new Float32Array(length)]));
  }

  /** A cache of rows of others, of their first `tokens` tokens. */
  static gathered(from: readonly CacheRow[], tokens: number): KeyValueCache {
    const { layout } = (from[0] as CacheRow).cache;
    const gathered = new KeyValueCache(layout, from.length);
    for (const [place, source] of from.entries()) gathered.#copyRow(place, source, tokens);
    gathered.#tokens = tokens;
    return gathered;
  }

  get tokens(): number {
    return this.#tokens;
  }

  get bytes(): number {
    return 4 * this.layout.names.length * this.layout.capacity * this.#stride;
  }

  /** Inputs of the next step, (tokens, rows, heads, size) each. */
  feeds(): Feeds {
    const { heads, size } = this.layout;
    const used = this.#tokens * this.#stride;
    return Object.fromEntries(
      [...this.#buffers].map(([name, buffer]) => [
        name,
        float32(buffer.subarray(0, used), this.#tokens, this.rows, heads, size),
      ]),
    );
  }

  /** Outputs that `append` needs. */
  get outputs(): string[] {
    return this.layout.names.map((name) => `${name}:new`);
  }

  append(fetches: Fetches): void {
    let added = 0;
    for (const [name, buffer] of this.#buffers) {
      const current = floats(fetches, `${name}:new`);
      buffer.set(current, this.#tokens * this.#stride);
      added = current.length / this.#stride;
    }
    this.#tokens += added;
  }

  /** Forgets all but the first `tokens` tokens. */
  rewind(tokens: number): void {
    this.#tokens = Math.min(tokens, this.#tokens);
  }

  get #stride(): number {
    return this.rows * this.layout.heads * this.layout.size;
  }

  #copyRow(place: number, { cache, row }: CacheRow, tokens: number): void {
    const width = this.layout.heads * this.layout.size;
    for (const [name, buffer] of this.#buffers) {
      const source = cache.#buffers.get(name) as Float32Array;
      for (let token = 0; token < tokens; token++) {
        const start = (token * cache.rows + row) * width;
        buffer.set(source.subarray(start, start + width), (token * this.rows + place) * width);
      }
    }
  }
}
