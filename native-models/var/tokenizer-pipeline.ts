/**
 * A tokenizer without its transformer: it can be traced, and decodes nothing else.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { Alternative, RgbImage } from '../../app/generation/pipeline-event.ts';
import type { ModelDescription } from '../../app/generation/request.ts';
import { Autoencoder } from '../autoencoder/autoencoder.ts';
import { downsampling } from '../autoencoder/autoencoder-config.ts';
import type { PreviewMap } from '../autoencoder/preview.ts';
import type { NamedArray, Pipeline } from '../pipeline.ts';
import type { Runtime } from '../runtime.ts';
import { checkForced } from '../trace/forced-tensors.ts';
import type { VqWeights } from '../vq/config.ts';
import { fitPreview } from '../vq/preview.ts';
import { Quantizer } from '../vq/quantizer.ts';
import { scalePyramid } from '../vq/scales.ts';
import { PUBLISHED_PATCH_NUMS } from './config.ts';
import { TRACE_NAMES } from './trace-run.ts';
import { traceTokenizer } from './trace-var.ts';

export class TokenizerPipeline implements Pipeline {
  readonly #weights: VqWeights;
  readonly #runtime: Runtime;

  constructor(weights: VqWeights, runtime: Runtime) {
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

  /** The scales are those of the published model of the picture's size. */
  async trace(
    _run: Readonly<Record<string, unknown>>,
    forced: ReadonlyMap<string, NamedArray>,
  ): Promise<Map<string, NamedArray>> {
    checkForced(forced, TRACE_NAMES);
    const side = (forced.get('input_u8')?.shape.at(-1) ?? 0) / downsampling(this.#weights.config);
    const patchNums = Object.values(PUBLISHED_PATCH_NUMS).find((sides) => sides.at(-1) === side);
    if (!patchNums) {
      throw new StudioError(
        'bad-request',
        'A tokenizer’s trace needs a picture: force `input_u8`, (3, 256, 256) or (3, 512, 512).',
      );
    }
    const autoencoder = new Autoencoder(this.#weights, side, this.#runtime);
    const quantizer = await Quantizer.load(this.#weights, scalePyramid(patchNums), this.#runtime);
    try {
      return await traceTokenizer({ autoencoder, quantizer }, forced);
    } finally {
      await autoencoder.dispose();
      await quantizer.dispose();
    }
  }

  async dispose(): Promise<void> {}
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
