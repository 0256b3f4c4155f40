/**
 * VQ-8 or VQ-16 without a transformer: it can be traced, and makes no pictures.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { Alternative, RgbImage } from '../../app/generation/pipeline-event.ts';
import type { ModelDescription } from '../../app/generation/request.ts';
import type { PreviewMap } from '../autoencoder/preview.ts';
import type { NamedArray, Pipeline } from '../pipeline.ts';
import type { Runtime } from '../runtime.ts';
import { checkForced, forcedIntegers } from '../trace/forced-tensors.ts';
import { f32, i32 } from '../trace/named-arrays.ts';
import { downsampling, type VqganWeights } from '../vqgan/config.ts';
import { fitPreview } from '../vqgan/preview.ts';
import { Tokenizer } from '../vqgan/tokenizer.ts';
import { forcedBytes, TRACE_NAMES } from './trace-run.ts';

export class TokenizerPipeline implements Pipeline {
  readonly #weights: VqganWeights;
  readonly #runtime: Runtime;

  constructor(weights: VqganWeights, runtime: Runtime) {
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

  /** A picture to tokens, and the tokens back. Pictures are in [−1, 1] here. */
  async trace(
    _run: Readonly<Record<string, unknown>>,
    forced: ReadonlyMap<string, NamedArray>,
  ): Promise<Map<string, NamedArray>> {
    checkForced(forced, TRACE_NAMES);
    const factor = downsampling(this.#weights.config);
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
    return this.#bothWays(image, grid, forcedIntegers(forced, 'tokens', grid.rows * grid.columns));
  }

  async #bothWays(
    image: Float32Array,
    grid: { rows: number; columns: number },
    forced: Int32Array | undefined,
  ): Promise<Map<string, NamedArray>> {
    const { codeChannels: Z } = this.#weights.config;
    const { rows, columns } = grid;
    const factor = downsampling(this.#weights.config);
    const tokenizer = new Tokenizer(this.#weights, this.#runtime);
    try {
      const { latent, tokens } = await tokenizer.encode(image, grid);
      const codes = await tokenizer.lookUp(forced ?? tokens, grid);
      const decoded = (await tokenizer.decode(codes, grid)).map((value) => Math.max(-1, Math.min(1, value)));
      return new Map<string, NamedArray>([
        ['f', f32(latent, 1, Z, rows, columns)],
        ['tokens', i32(tokens, 1, tokens.length)],
        ['codes', f32(codes, 1, Z, rows, columns)],
        ['image', f32(decoded, 1, 3, rows * factor, columns * factor)],
      ]);
    } finally {
      await tokenizer.dispose();
    }
  }

  async dispose(): Promise<void> {}
}

function transformerMissing(): StudioError {
  return new StudioError(
    'missing-file',
    'This is a tokenizer alone; pictures also need a LlamaGen or ControlAR transformer.',
    { hint: 'Import both: underpaint models import --transformer c2i_B_256.pt --tokenizer vq_ds16_c2i.pt' },
  );
}
