/**
 * A tokenizer without its transformer: it can be traced, and decodes nothing else.
 */
import { StudioError } from '../../app/base/errors.ts';
import { Autoencoder } from '../autoencoder/autoencoder.ts';
import { downsampling } from '../autoencoder/autoencoder-config.ts';
import { squareGrid } from '../autoencoder/token-grid.ts';
import type { NamedArray, Pipeline } from '../pipeline.ts';
import type { Runtime } from '../runtime.ts';
import { checkForced, type Forced } from '../trace/forced-tensors.ts';
import { traceOnly } from '../trace-only.ts';
import type { VqWeights } from '../vq/config.ts';
import { fitPreview } from '../vq/preview.ts';
import { Quantizer } from '../vq/quantizer.ts';
import { scalePyramid } from '../vq/scales.ts';
import { PUBLISHED_PATCH_NUMS } from './config.ts';
import { TRACE_NAMES } from './trace-run.ts';
import { traceTokenizer } from './trace-var.ts';

export function tokenizerPipeline(weights: VqWeights, runtime: Runtime): Pipeline {
  return traceOnly(transformerMissing, {
    fitPreview: () => fitPreview(weights, runtime),
    trace: (_run, forced) => trace(weights, runtime, forced),
  });
}

/** The scales are those of the published model of the picture's size. */
async function trace(weights: VqWeights, runtime: Runtime, forced: Forced): Promise<Map<string, NamedArray>> {
  checkForced(forced, TRACE_NAMES);
  const side = (forced.get('input_u8')?.shape.at(-1) ?? 0) / downsampling(weights.config);
  const patchNums = Object.values(PUBLISHED_PATCH_NUMS).find((sides) => sides.at(-1) === side);
  if (!patchNums) {
    throw new StudioError(
      'bad-request',
      'A tokenizer’s trace needs a picture: force `input_u8`, (3, 256, 256) or (3, 512, 512).',
    );
  }
  const autoencoder = new Autoencoder(weights, squareGrid(side), runtime);
  const quantizer = await Quantizer.load(weights, scalePyramid(patchNums), runtime);
  try {
    return await traceTokenizer({ autoencoder, quantizer }, forced);
  } finally {
    await autoencoder.dispose();
    await quantizer.dispose();
  }
}

function transformerMissing(): StudioError {
  return new StudioError(
    'missing-file',
    'This is a tokenizer alone; pictures also need a VAR transformer (var_d16.pth, …).',
    {
      hint: 'Import both: underpaint models import --transformer var_d16.pth --tokenizer vae_ch160v4096z32.pth',
    },
  );
}
