/**
 * The pipeline of Infinity and VAREdit: the only file that knows the order of things.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { Alternative, BatchEvent, PipelineEvent, RgbImage } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest, KeptTokens, ModelDescription, SettingSpec } from '../../app/generation/request.ts';
import { rgbToSignedUnit } from '../../app/imaging/planes.ts';
import { type PreviewMap, paintPreview } from '../autoencoder/preview.ts';
import { latentGrid } from '../bsq/config.ts';
import { toTokens } from '../bsq/patches.ts';
import { fitPreview } from '../bsq/preview.ts';
import { type Schedule, SHAPES, scheduleOf, tokenOffsets } from '../bsq/schedules.ts';
import { pictureByPicture } from '../picture-by-picture.ts';
import type { GenerateOptions, NamedArray, Pipeline } from '../pipeline.ts';
import { checkedKept, checkPictureSize, throwIfCancelled } from '../request-checks.ts';
import type { Runtime } from '../runtime.ts';
import type { ScaleSampling } from './bit-sampler.ts';
import { workShares } from './cost.ts';
import { pictureShapes, pixelsOf, shapeOfFormat, tokensPerStep } from './formats.ts';
import { generateScales } from './generate.ts';
import { editLayout, type Layout, paintLayout } from './layout.ts';
import type { InfinityModel } from './model.ts';
import { ModelParts } from './model-parts.ts';
import { isGuided, type ParsedSettings, parseSettings, scaleSampling, settingSpecs } from './settings.ts';
import { squareSource, unsquared } from './source.ts';
import { traceModel } from './trace.ts';

/** A request that has been checked. */
interface Job {
  readonly prompt: string;
  readonly seed: number;
  readonly layout: Layout;
  readonly sampling: readonly ScaleSampling[];
  readonly rows: 1 | 2;
  readonly kept: KeptTokens | undefined;
  readonly source: RgbImage | undefined;
  /** Scales of the source that stay. */
  readonly sourceScales: number;
}

/** The source of an edit as the tokenizer's encoder gives it, (d, H, W). */
type SourceLatent = Float32Array | undefined;

export class InfinityPipeline implements Pipeline {
  readonly #model: InfinityModel;
  readonly #runtime: Runtime;
  readonly #specs: readonly SettingSpec[];
  readonly #parts: ModelParts;
  #preview: Promise<PreviewMap> | undefined;

  constructor(model: InfinityModel, runtime: Runtime) {
    this.#model = model;
    this.#runtime = runtime;
    this.#specs = settingSpecs(model);
    this.#parts = new ModelParts(model, runtime);
  }

  describe(): ModelDescription {
    const { source, title, task } = this.#model;
    const schedule = this.#usualSchedule;
    return {
      family: 'varedit',
      title,
      ...pixelsOf(schedule),
      labels: source.labels,
      classes: 0,
      words: true,
      controls: [],
      ...(task.edits ? {} : { shapes: pictureShapes() }),
      tokensPerStep: tokensPerStep(schedule),
      symbolsPerToken: this.#parts.bits,
      vocabulary: 2,
      capabilities: task.edits ? ['entropy', 'edits'] : ['entropy'],
      settings: this.#specs,
    };
  }

  generateBatch(requests: readonly GenerationRequest[], options: GenerateOptions): AsyncGenerator<BatchEvent> {
    return pictureByPicture(this, requests, options);
  }

  async *generate(request: GenerationRequest, { signal, previews }: GenerateOptions): AsyncGenerator<PipelineEvent> {
    const job = this.#checked(request);
    const { schedule } = job.layout;
    const paint = await this.#previewPainter(previews, schedule);
    const progress = workShares(this.#model, schedule, job.rows);
    const offsets = tokenOffsets(schedule);
    const tokens = new Int32Array((offsets.at(-1) as number) * this.#parts.bits);
    let latent: Float32Array = new Float32Array(0);
    for await (const step of this.#scales(job, signal)) {
      throwIfCancelled(signal);
      latent = step.latent;
      tokens.set(step.bits, (offsets[step.scale] as number) * this.#parts.bits);
      yield {
        type: 'step',
        step: step.scale,
        steps: schedule.length,
        progress: progress[step.scale] as number,
        preview: await paint(latent),
        tokens: step.bits,
        entropy: step.entropy,
      };
    }
    throwIfCancelled(signal);
    const painted = await this.#parts.tokenizer.paint(latent, schedule.at(-1)!);
    yield { type: 'image', image: job.source ? unsquared(painted, job.source) : painted, tokens };
  }

  /** Text encoder and tokenizer first: what they take is free again when the transformer is loaded. */
  async *#scales(job: Job, signal: AbortSignal) {
    const { layout, prompt, rows, seed, sampling } = job;
    const features = await this.#parts.features(prompt, rows);
    throwIfCancelled(signal);
    const source = await this.#encodeSource(job);
    throwIfCancelled(signal);
    const transformer = await this.#parts.transformer(layout.schedule);
    const state = await transformer.begin(features, layout);
    if (source) {
      await state.takeSource(toTokens(source, layout.schedule.at(-1)!, this.#model.tokenizer.config));
      throwIfCancelled(signal);
    }
    const kept = job.kept ?? this.#keptSource(job, source);
    const choices = { schedule: layout.schedule, bits: this.#parts.bits, seed, sampling, kept };
    yield* generateScales(state, this.#parts.quantizer(layout.schedule), choices);
  }

  async #encodeSource({ source, layout }: Job): Promise<SourceLatent> {
    if (!source) return undefined;
    const { width } = pixelsOf(layout.schedule);
    return this.#parts.tokenizer.encode(rgbToSignedUnit(squareSource(source, width)), layout.schedule.at(-1)!);
  }

  /** The first scales of the source. */
  #keptSource({ sourceScales, layout }: Job, source: SourceLatent): KeptTokens | undefined {
    if (!source || sourceScales === 0) return undefined;
    const offsets = tokenOffsets(layout.schedule);
    const mask = new Uint8Array(offsets.at(-1) as number);
    mask.fill(1, 0, offsets[Math.min(sourceScales, layout.schedule.length)]);
    return { tokens: this.#parts.quantizer(layout.schedule).quantize(source), mask };
  }

  async decode(tokens: Int32Array, steps?: number): Promise<RgbImage> {
    const schedule = this.#usualSchedule;
    const latents = this.#parts.quantizer(schedule).latents(tokens);
    const latent = latents[(steps ?? latents.length) - 1];
    if (!latent) throw new StudioError('bad-request', `The model has ${latents.length} scales, not ${steps}.`);
    return this.#parts.tokenizer.paint(latent, schedule.at(-1)!);
  }

  async encode(image: RgbImage): Promise<Int32Array> {
    const schedule = this.#usualSchedule;
    checkPictureSize(image, pixelsOf(schedule).width);
    const latent = await this.#parts.tokenizer.encode(rgbToSignedUnit(image), schedule.at(-1)!);
    return this.#parts.quantizer(schedule).quantize(latent);
  }

  async alternatives(): Promise<readonly Alternative[]> {
    throw new StudioError('bad-request', 'A token of this model is many bits: it has no list of alternatives.', {
      hint: 'Paint the picture again with another seed.',
    });
  }

  fitPreview(): Promise<PreviewMap> {
    this.#preview ??= fitPreview(this.#model.tokenizer, this.#runtime);
    return this.#preview;
  }

  trace(
    run: Readonly<Record<string, unknown>>,
    forced: ReadonlyMap<string, NamedArray>,
    signal: AbortSignal,
  ): Promise<Map<string, NamedArray>> {
    const layoutOf = (settings: ParsedSettings) => this.#layoutOf(settings);
    return traceModel(
      { model: this.#model, parts: this.#parts, specs: this.#specs, layoutOf },
      { run, forced, signal },
    );
  }

  dispose(): Promise<void> {
    return this.#parts.dispose();
  }

  async #previewPainter(
    previews: GenerateOptions['previews'],
    schedule: Schedule,
  ): Promise<(latent: Float32Array) => Promise<RgbImage>> {
    const grid = schedule.at(-1)!;
    if (previews === 'decoded') return (latent) => this.#parts.tokenizer.paint(latent, grid);
    const map = this.#model.source.preview ?? (await this.fitPreview());
    const { rows, columns } = latentGrid(this.#model.tokenizer.config, grid);
    return async (latent) => paintPreview(map, latent, rows, columns);
  }

  #checked(request: GenerationRequest): Job {
    const settings = parseSettings(this.#specs, request.settings);
    const layout = this.#layoutOf(settings);
    const sampling = scaleSampling(settings, layout.schedule.length);
    return {
      prompt: request.prompt ?? '',
      seed: request.seed,
      layout,
      sampling,
      rows: isGuided(sampling) ? 2 : 1,
      kept: checkedKept(request.kept, tokenOffsets(layout.schedule).at(-1) as number, this.#parts.bits),
      source: this.#checkedSource(request),
      sourceScales: settings.sourceScales,
    };
  }

  #checkedSource({ control }: GenerationRequest): RgbImage | undefined {
    const { edits } = this.#model.task;
    if (edits && control?.kind === 'source') return control.image;
    if (edits) {
      throw new StudioError('bad-request', 'This model changes a picture, and there is none.', {
        hint: 'Give one: underpaint edit --image picture.png --instruction "make it night" --out night.png',
      });
    }
    if (!control) return undefined;
    throw new StudioError('bad-request', 'This model follows no control map and changes no picture.', {
      hint: 'Leave it out, or choose a ControlAR or a VAREdit model.',
    });
  }

  #layoutOf(settings: Pick<ParsedSettings, 'shape' | 'size'>): Layout {
    const { edits, scales } = this.#model.task;
    if (edits) return editLayout(SHAPES[0]!, scales);
    const format = shapeOfFormat(settings);
    return paintLayout(format.shape, format.scales);
  }

  /** Of a square of the size that the model was trained on last. */
  get #usualSchedule(): Schedule {
    return scheduleOf(SHAPES[0]!, this.#model.task.scales);
  }
}
