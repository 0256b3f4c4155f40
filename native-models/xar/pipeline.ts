/**
 * xAR's pipeline: the only file that knows the order of things.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { Alternative, BatchEvent, PipelineEvent, RgbImage } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest, ModelDescription, SettingSpec } from '../../app/generation/request.ts';
import type { PreviewMap } from '../autoencoder/preview.ts';
import type { KlWeights } from '../kl/config.ts';
import { autoencoderMissing, noAlternatives } from '../kl/latent-errors.ts';
import { LatentPainter } from '../kl/latent-painter.ts';
import { FLOAT16_VALUES, joinSymbols, latentToSymbols, symbolsToLatent } from '../latents/latent-tokens.ts';
import { pictureByPicture } from '../picture-by-picture.ts';
import type { GenerateOptions, NamedArray, Pipeline } from '../pipeline.ts';
import { checkedKept, checkedLabel, throwIfCancelled } from '../request-checks.ts';
import type { Runtime } from '../runtime.ts';
import { cellAreas, cellsToPlanes, planesToCells } from './cells.ts';
import { CELLS, cellTokens } from './config.ts';
import { workProgress } from './cost.ts';
import { generateCells } from './generate.ts';
import { weightsFor } from './quantized-weights.ts';
import { parseSettings, settingSpecs } from './settings.ts';
import { traceXar } from './trace.ts';
import { Transformer } from './transformer.ts';
import type { XarModel } from './xar-model.ts';

/** Steps of a cell between two looks at it. */
const LOOK_EVERY = 3;

export class XarPipeline implements Pipeline {
  readonly #model: XarModel;
  readonly #runtime: Runtime;
  readonly #specs: readonly SettingSpec[];
  readonly #painter: LatentPainter | undefined;
  #transformer: Promise<Transformer> | undefined;

  constructor(model: XarModel, runtime: Runtime) {
    const { transformer, autoencoder, source } = model;
    this.#model = model;
    this.#runtime = runtime;
    this.#specs = settingSpecs(transformer.config, source.defaults);
    this.#painter = autoencoder && new LatentPainter(autoencoder, transformer.config.size, runtime, source.preview);
  }

  describe(): ModelDescription {
    const { source, title, transformer } = this.#model;
    const { pixels } = this.#checkedPainter().autoencoder;
    return {
      family: 'xar',
      title,
      width: pixels,
      height: pixels,
      labels: source.labels,
      classes: transformer.config.classes,
      words: false,
      controls: [],
      tokensPerStep: new Array<number>(CELLS).fill(cellTokens(transformer.config)),
      stepAreas: cellAreas(),
      symbolsPerToken: transformer.config.channels,
      vocabulary: FLOAT16_VALUES,
      capabilities: [],
      settings: this.#specs,
    };
  }

  generateBatch(requests: readonly GenerationRequest[], options: GenerateOptions): AsyncGenerator<BatchEvent> {
    return pictureByPicture(this, requests, options);
  }

  async *generate(request: GenerationRequest, { signal, previews }: GenerateOptions): AsyncGenerator<PipelineEvent> {
    const { config } = this.#model.transformer;
    const { channels, positions, classes } = config;
    const painter = this.#checkedPainter();
    const label = checkedLabel(request.label, classes);
    const kept = checkedKept(request.kept, positions, channels);
    const settings = parseSettings(this.#specs, request.settings);
    const show = await painter.previewer(previews);
    const progress = workProgress(config, (this.#model.autoencoder as KlWeights).config, settings);
    const latents = new Float32Array(positions * channels);
    const size = cellTokens(config) * channels;
    const symbols: Int32Array[] = [];
    for await (const done of generateCells(await this.#load(), { label, seed: request.seed, settings, kept })) {
      throwIfCancelled(signal);
      const { cell, kind } = done;
      const place = { step: cell, steps: CELLS };
      if (kind === 'look') {
        if (done.step % LOOK_EVERY !== 0 || previews !== 'linear') continue;
        latents.set(done.expected, cell * size);
        const preview = await show(this.#planes(latents));
        yield { type: 'preview', ...place, progress: progress(cell, done.step / done.steps), preview };
      } else {
        latents.set(done.latent, cell * size);
        symbols.push(done.symbols);
        yield {
          type: 'step',
          ...place,
          progress: progress(cell, 1),
          preview: await show(this.#planes(latents)),
          tokens: done.symbols,
          entropy: new Float32Array(0),
        };
      }
      throwIfCancelled(signal);
    }
    yield { type: 'image', image: await painter.paint(this.#planes(latents)), tokens: joinSymbols(symbols) };
  }

  /** What is not painted after `steps` cells is a latent of zeros. */
  async decode(tokens: Int32Array, steps = CELLS): Promise<RgbImage> {
    const { channels, positions } = this.#model.transformer.config;
    if (steps < 1 || steps > CELLS) {
      throw new StudioError('bad-request', `The model has ${CELLS} cells, not ${steps}.`);
    }
    if (tokens.length !== positions * channels) {
      throw new StudioError('bad-request', `A picture of this model has ${positions} tokens of ${channels} numbers.`);
    }
    const painted = symbolsToLatent(tokens.subarray(0, (tokens.length / CELLS) * steps));
    return this.#checkedPainter().paint(this.#planes(painted));
  }

  async encode(image: RgbImage): Promise<Int32Array> {
    const { channels, size } = this.#model.transformer.config;
    return latentToSymbols(planesToCells(await this.#checkedPainter().encode(image), channels, size));
  }

  async alternatives(): Promise<readonly Alternative[]> {
    throw noAlternatives();
  }

  fitPreview(): Promise<PreviewMap> {
    return this.#checkedPainter().fitPreview();
  }

  async trace(
    run: Readonly<Record<string, unknown>>,
    forced: ReadonlyMap<string, NamedArray>,
    signal: AbortSignal,
  ): Promise<Map<string, NamedArray>> {
    return traceXar(await this.#load(), this.#painter?.autoencoder, { run, forced, signal });
  }

  async dispose(): Promise<void> {
    await (await this.#transformer)?.dispose();
    await this.#painter?.dispose();
  }

  #planes(cells: Float32Array): Float32Array {
    const { channels, size } = this.#model.transformer.config;
    return cellsToPlanes(cells, channels, size);
  }

  #checkedPainter(): LatentPainter {
    if (this.#painter) return this.#painter;
    throw autoencoderMissing('xAR', 'xAR-B.pth');
  }

  #load(): Promise<Transformer> {
    this.#transformer ??= weightsFor(this.#model.transformer, this.#runtime).then((weights) =>
      Transformer.load(weights, this.#runtime),
    );
    return this.#transformer;
  }
}
