/**
 * What a VAR model takes of memory, told from its shapes before anything is loaded. The constants are measured (README.md).
 */
import { StudioError } from '../../app/base/errors.ts';
import { PRECISIONS, type Precision } from '../../app/contracts/engine-api.ts';
import { downsampling } from '../autoencoder/autoencoder-config.ts';
import type { VqConfig } from '../vq/config.ts';
import { latentSize, type ScalePyramid, scalePyramid } from '../vq/scales.ts';
import { elementCount } from '../weights/tensor-entry.ts';
import { PUBLISHED_PATCH_NUMS, type VarConfig } from './config.ts';
import { bytesOfWeight } from './derived-weights.ts';
import { expectedTensors } from './state-dict.ts';
import { cacheBytes, GUIDANCE_ROWS } from './transformer.ts';

/** The shapes that memory depends on. */
export interface ModelShapes {
  readonly config: VarConfig;
  readonly pyramid: ScalePyramid;
  readonly tokenizer: VqConfig;
}

/** Bytes. */
export interface MemoryNeed {
  /** Whatever is made: the program, weights, the decoder at work. */
  readonly fixed: number;
  /** More for each picture that is made at the same time. */
  readonly perPicture: number;
}

const MEGABYTE = 2 ** 20;
/** Node, the runtime and what they hold for themselves. */
const PROGRAM = 320 * MEGABYTE;
/** Float32 images of the decoder's widest level that there are at its peak. */
const DECODER_IMAGES = 8;
/** Numbers that the decoder's weights take in the form in which they are used, by squared base channels, for the published layout. */
const DECODER_WEIGHTS = 5800;
/** Float32 numbers for each token of the largest scale and each channel, at the peak of a block. */
const BLOCK_NUMBERS = 16;

export function memoryNeed({ config, pyramid, tokenizer }: ModelShapes, precision: Precision): MemoryNeed {
  const weights = [...expectedTensors(config)].reduce(
    (sum, [name, shape]) => sum + bytesOfWeight(name, elementCount(shape), precision),
    0,
  );
  const pixels = latentSize(pyramid) * downsampling(tokenizer);
  const decoder =
    4 * tokenizer.baseChannels * (DECODER_IMAGES * pixels ** 2 + DECODER_WEIGHTS * tokenizer.baseChannels);
  return {
    fixed: PROGRAM + weights + decoder,
    perPicture: cacheBytes(config, pyramid, 1) + stepBytes(config, pyramid),
  };
}

/** What the last scales need for a while: a block's intermediate results, its joined keys and values, and the logits. */
function stepBytes({ width, vocabulary, depth }: VarConfig, { offsets, patchNums }: ScalePyramid): number {
  const [largest, before] = [patchNums.at(-1) as number, patchNums.at(-2) as number].map((side) => side * side);
  const block = BLOCK_NUMBERS * width * (largest as number);
  const joined = 4 * width * (offsets.at(-1) as number);
  const logits = 3 * vocabulary * (largest as number);
  // Keys and values of the last scale that leaves any: in the runtime's memory, and as its result.
  const added = 2 * 2 * depth * width * (before as number);
  return 4 * GUIDANCE_ROWS * (block + joined + added + logits);
}

/** As many pictures at a time as there is memory for, at most `most`. */
export function picturesAtOnce({ fixed, perPicture }: MemoryNeed, available: number, most: number): number {
  return Math.max(1, Math.min(most, Math.floor((available - fixed) / perPicture)));
}

/** Throws `out-of-memory`, with what would fit instead, when a model of these shapes does not. */
export function checkMemory(title: string, shapes: ModelShapes, precision: Precision, available: number): void {
  const need = total(memoryNeed(shapes, precision));
  if (need <= available) return;
  throw new StudioError(
    'out-of-memory',
    `${title} needs about ${gigabytes(need)} of memory at ${precision}; ${gigabytes(available)} are free.`,
    { hint: advice(shapes, available) },
  );
}

function advice(shapes: ModelShapes, available: number): string {
  const fits = (candidate: ModelShapes) =>
    PRECISIONS.find((precision) => total(memoryNeed(candidate, precision)) <= available);
  const precision = fits(shapes);
  if (precision) return `Use --precision ${precision}, which needs ${gigabytes(total(memoryNeed(shapes, precision)))}.`;
  for (const depth of SMALLER_DEPTHS) {
    if (depth >= shapes.config.depth) continue;
    const candidate = publishedShapes(shapes, depth);
    const smaller = fits(candidate);
    if (smaller) return `VAR-d${depth} at --precision ${smaller} would fit, or close other programs.`;
  }
  return 'Close other programs, or use a machine with more memory.';
}

/** Published at 256×256, largest first. */
const SMALLER_DEPTHS = [30, 24, 20, 16];

function publishedShapes({ config, tokenizer }: ModelShapes, depth: number): ModelShapes {
  const tokens = 680;
  const pyramid = scalePyramid(PUBLISHED_PATCH_NUMS[tokens] as readonly number[]);
  return {
    config: { ...config, depth, width: 64 * depth, heads: depth, tokens, sharedAdaLn: false },
    pyramid,
    tokenizer,
  };
}

function total({ fixed, perPicture }: MemoryNeed): number {
  return fixed + perPicture;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
