/**
 * What a VAR model takes of memory, told from its shapes before anything is loaded. The constants are measured (README.md).
 */
import { PRECISIONS, type Precision } from '../../app/contracts/engine-api.ts';
import { downsampling } from '../autoencoder/autoencoder-config.ts';
import { type MemoryNeed, type ModelMemory, PROGRAM_BYTES, totalNeed } from '../memory.ts';
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
    fixed: PROGRAM_BYTES + weights + decoder,
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

export function memoryOfVar(shapes: ModelShapes): ModelMemory {
  return { need: (precision) => memoryNeed(shapes, precision), smaller: (bytes) => smaller(shapes, bytes) };
}

function smaller(shapes: ModelShapes, bytes: number): string | undefined {
  for (const depth of SMALLER_DEPTHS) {
    if (depth >= shapes.config.depth) continue;
    const candidate = publishedShapes(shapes, depth);
    const precision = PRECISIONS.find((option) => totalNeed(memoryNeed(candidate, option)) <= bytes);
    if (precision) return `VAR-d${depth} as ${precision} would fit.`;
  }
  return undefined;
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
