/**
 * Keys and values of the tokens that an `adaLnStack` has seen.
 */
import { type Fetches, float32, type HostTensor } from '../runtime.ts';
import type { StackConfig } from './adaln-stack.ts';

export class StackCache {
  /** (B, H, tokens, d), by the names of the graph's inputs. */
  readonly feeds: Readonly<Record<string, HostTensor>>;

  private constructor(feeds: Readonly<Record<string, HostTensor>>) {
    this.feeds = feeds;
  }

  static empty({ encoderBlocks, decoderBlocks, heads, width }: StackConfig, rows: number): StackCache {
    const empty = () => float32(new Float32Array(0), rows, heads, 0, width / heads);
    const names = Array.from({ length: encoderBlocks + decoderBlocks }, (_, i) => [`keys.${i}`, `values.${i}`]).flat();
    return new StackCache(Object.fromEntries(names.map((name) => [name, empty()])));
  }

  /** The outputs that have the next cache. */
  get outputs(): string[] {
    return Object.keys(this.feeds).map((name) => `${name}:next`);
  }

  /** With the tokens of a run after those of this one. */
  after(fetches: Fetches): StackCache {
    const names = Object.keys(this.feeds);
    return new StackCache(Object.fromEntries(names.map((name) => [name, fetches[`${name}:next`] as HostTensor])));
  }

  /** The first `rows` rows alone. */
  firstRows(rows: number): StackCache {
    return new StackCache(
      Object.fromEntries(Object.entries(this.feeds).map(([name, tensor]) => [name, firstRows(tensor, rows)])),
    );
  }
}

/** (B, …) → (rows, …), without a copy. */
export function firstRows(tensor: HostTensor, rows: number): HostTensor {
  const [all = 1, ...rest] = tensor.shape;
  const data = (tensor.data as Float32Array).subarray(0, (tensor.data.length / all) * rows);
  return float32(data, rows, ...rest);
}
