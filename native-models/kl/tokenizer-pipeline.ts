/**
 * A KL autoencoder without a model that paints: it can be traced, and nothing else.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { Alternative, RgbImage } from '../../app/generation/pipeline-event.ts';
import type { ModelDescription } from '../../app/generation/request.ts';
import { downsampling } from '../autoencoder/autoencoder-config.ts';
import type { PreviewMap } from '../autoencoder/preview.ts';
import type { NamedArray, Pipeline } from '../pipeline.ts';
import type { Runtime } from '../runtime.ts';
import { checkForced, type Forced } from '../trace/forced-tensors.ts';
import type { KlWeights } from './config.ts';
import { KlAutoencoder } from './kl-autoencoder.ts';
import { fitPreview } from './preview.ts';
import { traceKl } from './trace.ts';

const NAMES = { inputs: ['input_u8'], results: ['mean', 'logvar', 'decoded'] };

export class KlPipeline implements Pipeline {
  readonly #weights: KlWeights;
  readonly #runtime: Runtime;

  constructor(weights: KlWeights, runtime: Runtime) {
    this.#weights = weights;
    this.#runtime = runtime;
  }

  describe(): ModelDescription {
    throw transformerMissing();
  }

  // biome-ignore lint/correctness/useYield: a tokenizer alone has no step to tell of.
  async *generate(): AsyncGenerator<never> {
    throw transformerMissing();
  }

  // biome-ignore lint/correctness/useYield: as above.
  async *generateBatch(): AsyncGenerator<never> {
    throw transformerMissing();
  }

  async decode(): Promise<RgbImage> {
    throw transformerMissing();
  }

  async encode(): Promise<Int32Array> {
    throw transformerMissing();
  }

  async alternatives(): Promise<readonly Alternative[]> {
    throw transformerMissing();
  }

  fitPreview(): Promise<PreviewMap> {
    return fitPreview(this.#weights, this.#runtime);
  }

  async trace(_run: Readonly<Record<string, unknown>>, forced: Forced): Promise<Map<string, NamedArray>> {
    checkForced(forced, NAMES);
    const side = forced.get('input_u8')?.shape.at(-1) ?? 0;
    const size = side / downsampling(this.#weights.config);
    if (!Number.isInteger(size) || size === 0) {
      throw new StudioError('bad-request', 'A tokenizer’s trace needs a picture: force `input_u8`, (3, 256, 256).');
    }
    const autoencoder = new KlAutoencoder(this.#weights, size, this.#runtime);
    try {
      return await traceKl(autoencoder, forced);
    } finally {
      await autoencoder.dispose();
    }
  }

  async dispose(): Promise<void> {}
}

function transformerMissing(): StudioError {
  return new StudioError('missing-file', 'This is an autoencoder alone; pictures also need a transformer.', {
    hint: 'Import both: underpaint models import --transformer FlowAR-S.pth --tokenizer kl16.ckpt',
  });
}
