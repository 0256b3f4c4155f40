/**
 * What a picture takes of memory, told from shapes before anything is loaded. The program, the decoder and a block are as VAR's, where
 * they were measured.
 */
import { StudioError } from '../../app/base/errors.ts';
import { PRECISIONS, type Precision } from '../../app/contracts/engine-api.ts';
import { TOKEN_PIXELS } from '../bsq/config.ts';
import type { Schedule } from '../bsq/schedules.ts';
import type { CacheLayout } from '../layers/key-value-cache.ts';
import { PROGRAM_BYTES } from '../memory.ts';
import type { Runtime } from '../runtime.ts';
import { elementCount } from '../weights/tensor-entry.ts';
import { bytesOfWeight } from './derived-weights.ts';
import type { InfinityModel } from './model.ts';
import { expectedTensors } from './state-dict.ts';
import { cacheLayouts } from './transformer.ts';

/** What memory depends on. */
export type ModelShapes = Pick<InfinityModel, 'transformer' | 'tokenizer' | 'textEncoder' | 'task'>;

/** Bytes, while a guided picture is made. */
export interface MemoryNeed {
  /** The program, and the transformer's weights in the form in which they are used. */
  readonly fixed: number;
  /** Keys and values of the scales, and of the source. */
  readonly cache: number;
  /** What a block of the largest scale needs for a while. */
  readonly step: number;
  /** The decoder at work, after the last scale. */
  readonly decoder: number;
  /** The text encoder, before the first one. */
  readonly text: number;
}

/** With guidance. */
const ROWS = 2;
/** Float32 images of the decoder's widest level that there are at its peak. */
const DECODER_IMAGES = 8;
/** Float32 numbers for each token of the largest scale and each channel, at the peak of a block. */
const BLOCK_NUMBERS = 16;

export function memoryNeed(shapes: ModelShapes, schedule: Schedule, precision: Precision): MemoryNeed {
  const { transformer, tokenizer, textEncoder, task } = shapes;
  const { config } = transformer;
  const weights = [...expectedTensors(config)].reduce(
    (sum, [name, shape]) => sum + bytesOfWeight(name, elementCount(shape), precision),
    0,
  );
  const { rows, columns } = schedule.at(-1)!;
  const largest = rows * columns;
  const source = task.edits ? largest : 0;
  const { first, others } = cacheLayouts(config, schedule, source);
  const cached = cacheNumbers(first) + 2 * config.width * source + cacheNumbers(others);
  // Keys and values of one block: joined, in order of tokens, and as its attention reads them.
  const joined = 6 * config.width * (others.capacity + largest);
  const pixels = largest * TOKEN_PIXELS ** 2;
  const words = [...textEncoder.index.entries.values()].reduce((sum, { shape }) => sum + elementCount(shape), 0);
  return {
    fixed: PROGRAM_BYTES + weights,
    cache: 4 * ROWS * cached,
    step: 4 * ROWS * (BLOCK_NUMBERS * config.width * largest + joined),
    decoder: 4 * tokenizer.config.baseChannels * DECODER_IMAGES * pixels,
    text: 4 * words,
  };
}

function cacheNumbers({ names, heads, size, capacity }: CacheLayout): number {
  return names.length * heads * size * capacity;
}

/** The most at any time. */
export function peakOf({ fixed, cache, step, decoder, text }: MemoryNeed): number {
  return fixed + Math.max(cache + step, cache + decoder, text);
}

/** Throws `out-of-memory`, with what would fit instead, when pictures of a schedule cannot be made. */
export function checkMemory(
  model: ModelShapes & { readonly title: string },
  schedule: Schedule,
  { precision, availableMemory }: Pick<Runtime, 'precision' | 'availableMemory'>,
): void {
  const need = (at: Precision) => peakOf(memoryNeed(model, schedule, at));
  const available = availableMemory();
  if (need(precision) <= available) return;
  const fits = PRECISIONS.find((candidate) => need(candidate) <= available);
  const hint = fits
    ? `Use --precision ${fits}, which needs ${gigabytes(need(fits))}.`
    : 'Choose a smaller size or model, or close other programs.';
  throw new StudioError(
    'out-of-memory',
    `${model.title} needs about ${gigabytes(need(precision))} of memory at ${precision}; ${gigabytes(available)} are free.`,
    { hint },
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
