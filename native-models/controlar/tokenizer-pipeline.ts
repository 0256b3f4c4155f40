/**
 * VQ-8 or VQ-16 without a transformer: it can be traced, and makes no pictures.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { TokenGrid } from '../autoencoder/token-grid.ts';
import type { NamedArray, Pipeline } from '../pipeline.ts';
import type { Runtime } from '../runtime.ts';
import { checkForced, type Forced, forcedIntegers } from '../trace/forced-tensors.ts';
import { f32, i32 } from '../trace/named-arrays.ts';
import { traceOnly } from '../trace-only.ts';
import { downsampling, type VqganWeights } from '../vqgan/config.ts';
import { fitPreview } from '../vqgan/preview.ts';
import { Tokenizer } from '../vqgan/tokenizer.ts';
import { forcedBytes, TRACE_NAMES } from './trace-run.ts';

export function tokenizerPipeline(weights: VqganWeights, runtime: Runtime): Pipeline {
  return traceOnly(transformerMissing, {
    fitPreview: () => fitPreview(weights, runtime),
    trace: (_run, forced) => trace(weights, runtime, forced),
  });
}

/** A picture to tokens, and the tokens back. Pictures are in [−1, 1] here. */
async function trace(weights: VqganWeights, runtime: Runtime, forced: Forced): Promise<Map<string, NamedArray>> {
  checkForced(forced, TRACE_NAMES);
  const factor = downsampling(weights.config);
  const picture = forcedBytes(forced, 'input_u8');
  const [, height = 0, width = 0] = picture?.shape ?? [];
  if (!picture || height % factor !== 0 || width % factor !== 0) {
    throw new StudioError(
      'bad-request',
      `A tokenizer’s trace needs a picture: force \`input_u8\`, (3, H, W), in multiples of ${factor}.`,
    );
  }
  const grid = { rows: height / factor, columns: width / factor };
  const image = Float32Array.from(picture.data, (byte) => Math.fround(byte / 255) * 2 - 1);
  const tokens = forcedIntegers(forced, 'tokens', grid.rows * grid.columns);
  const tokenizer = new Tokenizer(weights, runtime);
  try {
    return await bothWays(tokenizer, image, grid, tokens);
  } finally {
    await tokenizer.dispose();
  }
}

async function bothWays(
  tokenizer: Tokenizer,
  image: Float32Array,
  grid: TokenGrid,
  forced: Int32Array | undefined,
): Promise<Map<string, NamedArray>> {
  const { codeChannels: Z } = tokenizer.config;
  const { rows, columns } = grid;
  const factor = downsampling(tokenizer.config);
  const { latent, tokens } = await tokenizer.encode(image, grid);
  const codes = await tokenizer.lookUp(forced ?? tokens, grid);
  const decoded = (await tokenizer.decode(codes, grid)).map((value) => Math.max(-1, Math.min(1, value)));
  return new Map<string, NamedArray>([
    ['f', f32(latent, 1, Z, rows, columns)],
    ['tokens', i32(tokens, 1, tokens.length)],
    ['codes', f32(codes, 1, Z, rows, columns)],
    ['image', f32(decoded, 1, 3, rows * factor, columns * factor)],
  ]);
}

function transformerMissing(): StudioError {
  return new StudioError(
    'missing-file',
    'This is a tokenizer alone; pictures also need a LlamaGen or ControlAR transformer.',
    { hint: 'Import both: underpaint models import --transformer c2i_B_256.pt --tokenizer vq_ds16_c2i.pt' },
  );
}
