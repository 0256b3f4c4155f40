/**
 * From a scale's logits to its tokens and codes, for one picture.
 */
import type { Runtime } from '../runtime.ts';
import type { MixingTask, SampledRows, SampleRowsTask } from '../sampling/sample-rows.ts';
import { TorchRandom, type TorchRandomState } from '../sampling/torch-random.ts';
import type { Quantizer } from '../vq/quantizer.ts';
import type { VarSettings } from './settings.ts';

/** Recorded choices, all scales concatenated. */
export interface ScaleForcing {
  /** (tokens) */
  readonly tokens?: Int32Array | undefined;
  /** (tokens, V): Gumbel noise of smooth sampling. */
  readonly gumbel?: Float32Array | undefined;
  /** (scales): temperature of smooth sampling. */
  readonly tau?: Float64Array | undefined;
}

/** As `SampledRows`, with codes in any case. */
export interface Sampled extends SampledRows {
  /** (L, Z) */
  readonly codes: Float32Array;
}

/** Where a picture's rows are among those of all pictures that were computed together. */
export interface LogitRows {
  /** (2N, L, V): conditional rows of all pictures, then unconditional ones. */
  readonly logits: Float32Array;
  readonly pictures: number;
  readonly picture: number;
}

/** Rows that are worth a thread of their own. */
const SMALLEST_SHARE = 8;

/** Temperature of smooth sampling: 0.27·(1 − 0.95·ratio), at least 0.005. */
export function smoothTemperature(ratio: number): number {
  return Math.max(0.27 * (1 - ratio * 0.95), 0.005);
}

export class ScaleSampler {
  readonly #quantizer: Quantizer;
  readonly #runtime: Runtime;
  readonly #settings: VarSettings;
  readonly #random: TorchRandom;
  readonly #forcing: ScaleForcing;

  constructor(quantizer: Quantizer, runtime: Runtime, settings: VarSettings, seed: number, forcing: ScaleForcing = {}) {
    this.#quantizer = quantizer;
    this.#runtime = runtime;
    this.#settings = settings;
    this.#random = new TorchRandom(seed);
    this.#forcing = forcing;
  }

  /**
   * Draws a scale's tokens, in as many parts as threads are free: each part begins where the random stream is at its first row.
   *
   * @throws not-finite when the model's numbers overflowed
   */
  async sample(scale: number, rows: LogitRows, keep: SampleRowsTask['keep']): Promise<Sampled> {
    const count = this.#tokens(scale);
    const parts = Math.max(1, Math.min(this.#threads(rows), Math.floor(count / SMALLEST_SHARE)));
    const edges = Array.from({ length: parts + 1 }, (_, part) => Math.round((part * count) / parts));
    const tasks = edges.slice(1).map((end, part) => this.#task(scale, rows, edges[part] as number, end, keep));
    this.skip(scale);
    const sampled = await Promise.all(
      tasks.map((task) => this.#runtime.hostTask('sampleRows', task, [task.raw.buffer as ArrayBuffer])),
    );
    return this.#joined(sampled);
  }

  /** Leaves the random stream where sampling this scale would have left it. */
  skip(scale: number): void {
    const draws = this.#tokens(scale) * this.#quantizer.config.vocabulary;
    this.#random.skipExponential(this.#settings.moreSmooth ? 2 * draws : draws);
  }

  #tokens(scale: number): number {
    return (this.#quantizer.pyramid.patchNums[scale] as number) ** 2;
  }

  #threads({ pictures }: LogitRows): number {
    return Math.ceil(this.#runtime.hostThreads / pictures);
  }

  #task(scale: number, rows: LogitRows, start: number, end: number, keep: SampleRowsTask['keep']): SampleRowsTask {
    const { offsets, patchNums } = this.#quantizer.pyramid;
    const { vocabulary } = this.#quantizer.config;
    const { cfg, topK, topP } = this.#settings;
    const ratio = scale / Math.max(1, patchNums.length - 1);
    const first = offsets[scale] as number;
    return {
      raw: rawRows(rows, this.#tokens(scale), vocabulary, start, end),
      vocabulary,
      guidance: cfg * ratio,
      topK,
      topP,
      random: this.#streamAfter(start * vocabulary),
      forced: this.#forcing.tokens?.slice(first + start, first + end),
      mixing: this.#settings.moreSmooth ? this.#mixing(scale, ratio, start, end) : undefined,
      keep,
    };
  }

  /** The noise of the whole scale is drawn after all its tokens. */
  #mixing(scale: number, ratio: number, start: number, end: number): MixingTask {
    const { vocabulary } = this.#quantizer.config;
    const [first, count] = [this.#quantizer.pyramid.offsets[scale] as number, this.#tokens(scale)];
    const recorded = this.#forcing.gumbel?.slice((first + start) * vocabulary, (first + end) * vocabulary);
    return {
      codebook: this.#quantizer.codebook,
      gain: 1 + ratio,
      temperature: this.#forcing.tau?.[scale] ?? smoothTemperature(ratio),
      noise: recorded ?? this.#streamAfter((count + start) * vocabulary),
    };
  }

  #streamAfter(draws: number): TorchRandomState {
    const random = new TorchRandom(this.#random.state);
    random.skipExponential(draws);
    return random.state;
  }

  #joined(parts: readonly SampledRows[]): Sampled {
    const [only] = parts as readonly [SampledRows];
    const tokens = Int32Array.from(parts.flatMap((part) => [...part.tokens]));
    const join = (name: 'entropy' | 'codes' | 'probabilities' | 'logits' | 'truncated') =>
      only[name] && joinFloats(parts.map((part) => part[name] as Float32Array));
    return {
      tokens,
      entropy: join('entropy') as Float32Array,
      codes: join('codes') ?? this.#quantizer.lookUp(tokens),
      probabilities: join('probabilities'),
      logits: join('logits'),
      truncated: join('truncated'),
    };
  }
}

/** A copy of some of a picture's rows: (2, end − start, V). */
function rawRows(
  { logits, pictures, picture }: LogitRows,
  tokens: number,
  vocabulary: number,
  start: number,
  end: number,
): Float32Array {
  const raw = new Float32Array(2 * (end - start) * vocabulary);
  for (const half of [0, 1]) {
    const row = (half * pictures + picture) * tokens;
    const part = logits.subarray((row + start) * vocabulary, (row + end) * vocabulary);
    raw.set(part, half * part.length);
  }
  return raw;
}

function joinFloats(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0] as Float32Array;
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
