/**
 * A KL autoencoder without a model that paints: it can be traced, and nothing else.
 */
import { StudioError } from '../../app/base/errors.ts';
import { downsampling } from '../autoencoder/autoencoder-config.ts';
import type { NamedArray, Pipeline } from '../pipeline.ts';
import type { Runtime } from '../runtime.ts';
import { checkForced, type Forced } from '../trace/forced-tensors.ts';
import { traceOnly } from '../trace-only.ts';
import type { KlWeights } from './config.ts';
import { KlAutoencoder } from './kl-autoencoder.ts';
import { fitPreview } from './preview.ts';
import { traceKl } from './trace.ts';

const NAMES = { inputs: ['input_u8'], results: ['mean', 'logvar', 'decoded'] };

export function klPipeline(weights: KlWeights, runtime: Runtime): Pipeline {
  return traceOnly(transformerMissing, {
    fitPreview: () => fitPreview(weights, runtime),
    trace: (_run, forced) => trace(weights, runtime, forced),
  });
}

async function trace(weights: KlWeights, runtime: Runtime, forced: Forced): Promise<Map<string, NamedArray>> {
  checkForced(forced, NAMES);
  const side = forced.get('input_u8')?.shape.at(-1) ?? 0;
  const size = side / downsampling(weights.config);
  if (!Number.isInteger(size) || size === 0) {
    throw new StudioError('bad-request', 'A tokenizer’s trace needs a picture: force `input_u8`, (3, 256, 256).');
  }
  const autoencoder = new KlAutoencoder(weights, size, runtime);
  try {
    return await traceKl(autoencoder, forced);
  } finally {
    await autoencoder.dispose();
  }
}

function transformerMissing(): StudioError {
  return new StudioError('missing-file', 'This is an autoencoder alone; pictures also need a transformer.', {
    hint: 'Import both: underpaint models import --transformer FlowAR-S.pth --tokenizer kl16.ckpt',
  });
}
