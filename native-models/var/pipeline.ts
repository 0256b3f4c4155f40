/**
 * VAR's pipeline: the only file that knows the order of things.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { TokenPlace } from '../../app/contracts/engine-api.ts';
import type { Alternative, BatchEvent, PipelineEvent, RgbImage } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest, ModelDescription, SettingSpec } from '../../app/generation/request.ts';
import { rgbToSignedUnit, signedUnitToRgb } from '../../app/imaging/planes.ts';
import { Autoencoder } from '../autoencoder/autoencoder.ts';
import { type PreviewMap, paintPreview } from '../autoencoder/preview.ts';
import { squareGrid } from '../autoencoder/token-grid.ts';
import type { ModelMemory } from '../memory.ts';
import { mergeStreams } from '../merge-streams.ts';
import type { GenerateOptions, NamedArray, Pipeline } from '../pipeline.ts';
import { checkedKept, checkedLabel, checkPictureSize, throwIfCancelled } from '../request-checks.ts';
import type { Runtime } from '../runtime.ts';
import { fitPreview } from '../vq/preview.ts';
import { Quantizer } from '../vq/quantizer.ts';
import { latentSize, tokenCount } from '../vq/scales.ts';
import { workShares } from './cost.ts';
import { memoryOfVar, picturesAtOnce } from './memory.ts';
import { type PicturePlan, PictureRuns } from './picture-runs.ts';
import { parseSettings, settingSpecs } from './settings.ts';
import { traceVar } from './trace-var.ts';
import { Transformer } from './transformer.ts';
import type { VarModel } from './var-model.ts';

/** Pictures that go through the transformer together: of more, the intermediate results leave the processor's caches. */
const LARGEST_GROUP = 4;
/** While tokens of one group are drawn, the other is in the transformer. */
const GROUPS_AT_ONCE = 2;

export class VarPipeline implements Pipeline {
  readonly memory: ModelMemory;
  readonly #model: VarModel;
  readonly #runtime: Runtime;
  readonly #specs: readonly SettingSpec[];
  readonly #autoencoder: Autoencoder;
  #quantizer: Promise<Quantizer> | undefined;
  #transformer: Promise<Transformer> | undefined;
  #runs: PictureRuns | undefined;
  #preview: Promise<PreviewMap> | undefined;

  constructor(model: VarModel, runtime: Runtime) {
    const { transformer, tokenizer, pyramid } = model;
    this.memory = memoryOfVar({ config: transformer.config, tokenizer: tokenizer.config, pyramid });
    this.#model = model;
    this.#runtime = runtime;
    this.#specs = settingSpecs(model.transformer.config.vocabulary, model.source.defaults);
    this.#autoencoder = new Autoencoder(model.tokenizer, squareGrid(latentSize(model.pyramid)), runtime);
  }

  describe(): ModelDescription {
    const { pyramid, source, title } = this.#model;
    const { config } = this.#model.transformer;
    const pixels = this.#autoencoder.width;
    return {
      family: 'var',
      title,
      width: pixels,
      height: pixels,
      labels: source.labels,
      classes: config.classes,
      words: false,
      controls: [],
      tokensPerStep: pyramid.patchNums.map((side) => side * side),
      symbolsPerToken: 1,
      vocabulary: config.vocabulary,
      capabilities: ['entropy', 'alternatives'],
      settings: this.#specs,
    };
  }

  async *generate(request: GenerationRequest, options: GenerateOptions): AsyncGenerator<PipelineEvent> {
    for await (const { event } of this.generateBatch([request], options)) yield event;
  }

  async *generateBatch(requests: readonly GenerationRequest[], options: GenerateOptions): AsyncGenerator<BatchEvent> {
    const plans = requests.map((request) => this.#plan(request));
    await (await this.#loadRuns()).prepare(plans, options.signal);
    const atOnce = this.#picturesAtOnce();
    const groups = atOnce > 1 ? GROUPS_AT_ONCE : 1;
    const size = Math.floor(atOnce / groups);
    const streams = Array.from({ length: Math.ceil(plans.length / size) }, (_, i) =>
      this.#generateTogether(plans, { start: i * size, end: (i + 1) * size }, options),
    );
    yield* mergeStreams(streams, groups);
  }

  async *#generateTogether(
    all: readonly PicturePlan[],
    { start, end }: { start: number; end: number },
    { signal, previews }: GenerateOptions,
  ): AsyncGenerator<BatchEvent> {
    const plans = all.slice(start, end);
    const { pyramid } = this.#model;
    const paint = await this.#previewPainter(previews);
    const progress = workShares(this.#model);
    const tokens = plans.map(() => new Int32Array(tokenCount(pyramid)));
    let latents: readonly Float32Array[] = [];
    const runs = await this.#loadRuns();
    for await (const steps of runs.run(plans, { keep: 'nothing', alone: all.length === 1 })) {
      throwIfCancelled(signal);
      latents = steps.map(({ latent }) => latent);
      for (const [i, { scale, latent, entropy, tokens: drawn }] of steps.entries()) {
        tokens[i]?.set(drawn, pyramid.offsets[scale]);
        const place = { step: scale, steps: pyramid.patchNums.length, progress: progress[scale] as number };
        const preview = await paint(latent);
        yield { picture: start + i, event: { type: 'step', ...place, preview, tokens: drawn, entropy } };
        throwIfCancelled(signal);
      }
    }
    for (const [i, latent] of latents.entries()) {
      const image = await this.#paint(latent);
      yield { picture: start + i, event: { type: 'image', image, tokens: tokens[i] as Int32Array } };
      throwIfCancelled(signal);
    }
  }

  #plan({ label, kept, settings, seed }: GenerationRequest): PicturePlan {
    return {
      label: checkedLabel(label, this.#model.transformer.config.classes),
      kept: checkedKept(kept, tokenCount(this.#model.pyramid)),
      settings: parseSettings(this.#specs, settings),
      seed,
    };
  }

  #picturesAtOnce(): number {
    const need = this.memory.need(this.#runtime.precision);
    return picturesAtOnce(need, this.#runtime.availableMemory(), GROUPS_AT_ONCE * LARGEST_GROUP);
  }

  async decode(tokens: Int32Array, steps = this.#model.pyramid.patchNums.length): Promise<RgbImage> {
    const latents = await (await this.#loadQuantizer()).latents(tokens);
    const latent = latents[steps - 1];
    if (!latent) throw new StudioError('bad-request', `The model has ${latents.length} scales, not ${steps}.`);
    return this.#paint(latent);
  }

  async encode(image: RgbImage): Promise<Int32Array> {
    checkPictureSize(image, this.#autoencoder.width);
    const latent = await this.#autoencoder.encode(rgbToSignedUnit(image));
    return (await this.#loadQuantizer()).encode(latent);
  }

  async alternatives(
    request: GenerationRequest,
    { step: scale, position, count }: TokenPlace,
    signal: AbortSignal,
  ): Promise<readonly Alternative[]> {
    const { offsets, patchNums } = this.#model.pyramid;
    const place = (offsets[scale] ?? 0) + position;
    if (!request.kept || scale >= patchNums.length || place >= (offsets[scale + 1] as number)) {
      throw new StudioError('bad-request', `There is no token ${position} at scale ${scale} of a known picture.`);
    }
    const coarser = { tokens: request.kept.tokens, mask: new Uint8Array(tokenCount(this.#model.pyramid)) };
    coarser.mask.fill(1, 0, offsets[scale]);
    const plan = this.#plan({ ...request, kept: coarser });
    for await (const [step] of (await this.#loadRuns()).run([plan], { keep: 'probabilities', alone: true })) {
      throwIfCancelled(signal);
      const probabilities = step?.scale === scale ? step.predicted?.probabilities : undefined;
      if (!probabilities) continue;
      const { vocabulary } = this.#model.transformer.config;
      const row = probabilities.subarray(position * vocabulary, (position + 1) * vocabulary);
      return this.#rankAlternatives(row, request.kept.tokens, place, count);
    }
    throw new StudioError('internal', `Scale ${scale} was not run.`);
  }

  async #rankAlternatives(
    probabilities: Float32Array,
    tokens: Int32Array,
    place: number,
    count: number,
  ): Promise<Alternative[]> {
    const [quantizer, paint] = [await this.#loadQuantizer(), await this.#previewPainter('linear')];
    const ranked = Array.from(probabilities.keys())
      .filter((token) => (probabilities[token] as number) > 0)
      .sort((a, b) => (probabilities[b] as number) - (probabilities[a] as number))
      .slice(0, count);
    const found: Alternative[] = [];
    for (const token of ranked) {
      const latents = await quantizer.latents(tokens.with(place, token));
      const preview = await paint(latents.at(-1) as Float32Array);
      found.push({ token, probability: probabilities[token] as number, preview });
    }
    return found;
  }

  async fitPreview(): Promise<PreviewMap> {
    this.#preview ??= fitPreview(this.#model.tokenizer, this.#runtime);
    return this.#preview;
  }

  async trace(
    run: Readonly<Record<string, unknown>>,
    forced: ReadonlyMap<string, NamedArray>,
    signal: AbortSignal,
  ): Promise<Map<string, NamedArray>> {
    const parts = { autoencoder: this.#autoencoder, quantizer: await this.#loadQuantizer() };
    return traceVar(this.#model, parts, this.#runtime, { run, forced, signal });
  }

  async dispose(): Promise<void> {
    await (await this.#transformer)?.dispose();
    await (await this.#quantizer)?.dispose();
    await this.#autoencoder.dispose();
  }

  async #previewPainter(previews: GenerateOptions['previews']): Promise<(latent: Float32Array) => Promise<RgbImage>> {
    if (previews === 'decoded') return (latent) => this.#paint(latent);
    const map = this.#model.source.preview ?? (await this.fitPreview());
    return async (latent) => paintPreview(map, latent, latentSize(this.#model.pyramid));
  }

  /** The picture of f_hat, bytes truncated as the authors do. */
  async #paint(latent: Float32Array): Promise<RgbImage> {
    const side = this.#autoencoder.width;
    return signedUnitToRgb(await this.#autoencoder.decode(latent), side, side);
  }

  #loadTransformer(): Promise<Transformer> {
    const { transformer, pyramid } = this.#model;
    this.#transformer ??= Transformer.load(transformer, pyramid, this.#runtime);
    return this.#transformer;
  }

  async #loadRuns(): Promise<PictureRuns> {
    const [transformer, quantizer] = [await this.#loadTransformer(), await this.#loadQuantizer()];
    this.#runs ??= new PictureRuns(transformer, quantizer, this.#runtime);
    return this.#runs;
  }

  #loadQuantizer(): Promise<Quantizer> {
    const { tokenizer, pyramid } = this.#model;
    this.#quantizer ??= Quantizer.load(tokenizer, pyramid, this.#runtime);
    return this.#quantizer;
  }
}
