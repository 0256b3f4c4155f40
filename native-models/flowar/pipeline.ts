/**
 * FlowAR's pipeline: the only file that knows the order of things.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { Alternative, BatchEvent, PipelineEvent, RgbImage } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest, ModelDescription, SettingSpec } from '../../app/generation/request.ts';
import type { PreviewMap } from '../autoencoder/preview.ts';
import type { KlWeights } from '../kl/config.ts';
import { autoencoderMissing, noAlternatives } from '../kl/latent-errors.ts';
import { LatentPainter } from '../kl/latent-painter.ts';
import { FLOAT16_VALUES, joinSymbols, latentToSymbols, symbolsToLatent } from '../latents/latent-tokens.ts';
import { toPlanes } from '../latents/planes.ts';
import { pictureByPicture } from '../picture-by-picture.ts';
import type { GenerateOptions, NamedArray, Pipeline } from '../pipeline.ts';
import { checkedKept, checkedLabel, throwIfCancelled } from '../request-checks.ts';
import type { Runtime } from '../runtime.ts';
import { workProgress } from './cost.ts';
import { FlowHead } from './flow-head.ts';
import type { FlowArModel } from './flowar-model.ts';
import { type FlowArParts, generateScales } from './generate.ts';
import { weightsFor } from './quantized-weights.ts';
import { enlarged, scaleLatents } from './scale-maps.ts';
import { parseSettings, settingSpecs } from './settings.ts';
import { traceFlowAr } from './trace.ts';
import { Transformer } from './transformer.ts';

/** Steps of the last scale's flow between two looks at it. */
const LOOK_EVERY = 3;

export class FlowArPipeline implements Pipeline {
  readonly #model: FlowArModel;
  readonly #runtime: Runtime;
  readonly #specs: readonly SettingSpec[];
  readonly #painter: LatentPainter | undefined;
  #parts: Promise<FlowArParts> | undefined;

  constructor(model: FlowArModel, runtime: Runtime) {
    const { transformer, autoencoder, source } = model;
    this.#model = model;
    this.#runtime = runtime;
    this.#specs = settingSpecs(transformer.config, source.defaults);
    this.#painter = autoencoder && new LatentPainter(autoencoder, this.#size, runtime, source.preview);
  }

  /** Side of the latent. */
  get #size(): number {
    return this.#model.transformer.config.sides.at(-1) as number;
  }

  describe(): ModelDescription {
    const { source, title, transformer } = this.#model;
    const { pixels } = this.#checkedPainter().autoencoder;
    return {
      family: 'flowar',
      title,
      width: pixels,
      height: pixels,
      labels: source.labels,
      classes: transformer.config.classes,
      words: false,
      controls: [],
      tokensPerStep: transformer.config.sides.map((side) => side * side),
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
    const { sides, channels, positions, classes } = config;
    const painter = this.#checkedPainter();
    const label = checkedLabel(request.label, classes);
    const kept = checkedKept(request.kept, positions, channels);
    const settings = parseSettings(this.#specs, request.settings);
    const show = await painter.previewer(previews);
    const progress = workProgress(config, (this.#model.autoencoder as KlWeights).config, settings);
    const symbols: Int32Array[] = [];
    let planes: Float32Array = new Float32Array(0);
    for await (const done of generateScales(await this.#load(), { label, seed: request.seed, settings, kept })) {
      throwIfCancelled(signal);
      const { scale, kind } = done;
      const place = { step: scale, steps: sides.length };
      if (kind === 'look') {
        const isShown = scale === sides.length - 1 && done.step % LOOK_EVERY === 0 && previews === 'linear';
        if (!isShown) continue;
        const preview = await show(toPlanes(Float32Array.from(done.expected), channels));
        yield { type: 'preview', ...place, progress: progress.within(scale, done.step / done.steps), preview };
      } else {
        symbols.push(done.symbols);
        planes = enlarged(done.latent, sides[scale] as number, this.#size);
        yield {
          type: 'step',
          ...place,
          progress: progress.afterScale(scale),
          preview: await show(planes),
          tokens: done.symbols,
          entropy: new Float32Array(0),
        };
      }
      throwIfCancelled(signal);
    }
    yield { type: 'image', image: await painter.paint(planes), tokens: joinSymbols(symbols) };
  }

  async decode(tokens: Int32Array, steps = this.#model.transformer.config.sides.length): Promise<RgbImage> {
    const { sides, channels, positions } = this.#model.transformer.config;
    const side = sides[steps - 1];
    if (!side) throw new StudioError('bad-request', `The model has ${sides.length} scales, not ${steps}.`);
    const start = sides.slice(0, steps - 1).reduce((sum, before) => sum + before * before, 0);
    if (tokens.length !== positions * channels) {
      throw new StudioError('bad-request', `A picture of this model has ${positions} tokens of ${channels} numbers.`);
    }
    const latent = symbolsToLatent(tokens.subarray(start * channels, (start + side * side) * channels));
    return this.#checkedPainter().paint(enlarged(latent, side, this.#size));
  }

  async encode(image: RgbImage): Promise<Int32Array> {
    const planes = await this.#checkedPainter().encode(image);
    return joinSymbols(scaleLatents(planes, this.#model.transformer.config.sides).map(latentToSymbols));
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
    return traceFlowAr(await this.#load(), this.#painter?.autoencoder, { run, forced, signal });
  }

  async dispose(): Promise<void> {
    const parts = await this.#parts;
    await parts?.transformer.dispose();
    await parts?.head.dispose();
    await this.#painter?.dispose();
  }

  #checkedPainter(): LatentPainter {
    if (this.#painter) return this.#painter;
    throw autoencoderMissing('FlowAR', 'FlowAR-S.pth');
  }

  #load(): Promise<FlowArParts> {
    this.#parts ??= this.#loadParts();
    return this.#parts;
  }

  async #loadParts(): Promise<FlowArParts> {
    const runtime = this.#runtime;
    const weights = await weightsFor(this.#model.transformer, runtime);
    return { transformer: await Transformer.load(weights, runtime), head: await FlowHead.load(weights, runtime) };
  }
}
