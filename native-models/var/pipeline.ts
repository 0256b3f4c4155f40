/**
 * VAR's pipeline: the only file that knows the order of things.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { TokenPlace } from '../../app/contracts/engine-api.ts';
import type { Alternative, PipelineEvent, RgbImage } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest, ModelDescription, SettingSpec } from '../../app/generation/request.ts';
import { rgbToSignedUnit, signedUnitToRgb } from '../../app/imaging/planes.ts';
import { Autoencoder } from '../autoencoder/autoencoder.ts';
import { type PreviewMap, paintPreview } from '../autoencoder/preview.ts';
import type { GenerateOptions, NamedArray, Pipeline } from '../pipeline.ts';
import { checkedKept, checkedLabel, checkPictureSize, throwIfCancelled } from '../request-checks.ts';
import type { Runtime } from '../runtime.ts';
import { entropyBits } from '../sampling/entropy.ts';
import { fitPreview } from '../vq/preview.ts';
import { Quantizer } from '../vq/quantizer.ts';
import { latentSize, tokenCount } from '../vq/scales.ts';
import { workShares } from './cost.ts';
import { generateScales, type ScaleStep } from './generate.ts';
import { type Prefix, PrefixCache } from './prefix-cache.ts';
import { parseSettings, settingSpecs } from './settings.ts';
import { traceVar } from './trace-var.ts';
import { Transformer, type TransformerState } from './transformer.ts';
import type { VarModel } from './var-model.ts';

export class VarPipeline implements Pipeline {
  readonly #model: VarModel;
  readonly #runtime: Runtime;
  readonly #specs: readonly SettingSpec[];
  readonly #autoencoder: Autoencoder;
  readonly #prefixes: PrefixCache;
  #quantizer: Promise<Quantizer> | undefined;
  #transformer: Promise<Transformer> | undefined;
  #preview: Promise<PreviewMap> | undefined;

  constructor(model: VarModel, runtime: Runtime) {
    this.#model = model;
    this.#runtime = runtime;
    this.#specs = settingSpecs(model.transformer.config.vocabulary, model.source.defaults);
    this.#prefixes = new PrefixCache(model.pyramid);
    this.#autoencoder = new Autoencoder(model.tokenizer, latentSize(model.pyramid), runtime);
  }

  describe(): ModelDescription {
    const { pyramid, source, title } = this.#model;
    const { config } = this.#model.transformer;
    const pixels = this.#autoencoder.pixels;
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

  async *generate(request: GenerationRequest, { signal, previews }: GenerateOptions): AsyncGenerator<PipelineEvent> {
    const { pyramid } = this.#model;
    const paint = await this.#previewPainter(previews);
    const progress = workShares(this.#model);
    const tokens = new Int32Array(tokenCount(pyramid));
    let latent: Float32Array = new Float32Array(0);
    for await (const { step, entropy } of this.#steps(request)) {
      throwIfCancelled(signal);
      ({ latent } = step);
      tokens.set(step.tokens, pyramid.offsets[step.scale]);
      yield {
        type: 'step',
        step: step.scale,
        steps: pyramid.patchNums.length,
        progress: progress[step.scale] as number,
        preview: await paint(latent),
        tokens: step.tokens,
        entropy,
      };
      throwIfCancelled(signal);
    }
    yield { type: 'image', image: await this.#paint(latent), tokens };
  }

  /** The loop over the scales, from where the last run can be taken up; what was run is remembered for the next one. */
  async *#steps(request: GenerationRequest): AsyncGenerator<{ step: ScaleStep; entropy: Float32Array }> {
    const label = checkedLabel(request.label, this.#model.transformer.config.classes);
    const kept = checkedKept(request.kept, tokenCount(this.#model.pyramid));
    const settings = parseSettings(this.#specs, request.settings);
    const [transformer, quantizer] = [await this.#loadTransformer(), await this.#loadQuantizer()];
    const prefix: Prefix | undefined = this.#prefixes.find(label, kept);
    const state: TransformerState = prefix?.state ?? (await transformer.begin(label));
    const tokens: number[] = [];
    const entropies: Float32Array[] = [];
    try {
      for await (const step of generateScales(state, quantizer, { settings, seed: request.seed, kept })) {
        tokens.push(...step.tokens);
        const entropy = step.predicted
          ? entropyBits(step.predicted.probabilities, quantizer.config.vocabulary)
          : (prefix?.entropy[step.scale] as Float32Array);
        entropies.push(entropy);
        yield { step, entropy };
      }
    } finally {
      this.#prefixes.remember({ label, state, tokens: Int32Array.from(tokens), entropy: entropies });
    }
  }

  async decode(tokens: Int32Array, steps = this.#model.pyramid.patchNums.length): Promise<RgbImage> {
    const latents = await (await this.#loadQuantizer()).latents(tokens);
    const latent = latents[steps - 1];
    if (!latent) throw new StudioError('bad-request', `The model has ${latents.length} scales, not ${steps}.`);
    return this.#paint(latent);
  }

  async encode(image: RgbImage): Promise<Int32Array> {
    checkPictureSize(image, this.#autoencoder.pixels);
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
    for await (const { step } of this.#steps({ ...request, kept: coarser })) {
      throwIfCancelled(signal);
      if (step.scale !== scale || !step.predicted) continue;
      const { vocabulary } = this.#model.transformer.config;
      const row = step.predicted.probabilities.subarray(position * vocabulary, (position + 1) * vocabulary);
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
    const side = this.#autoencoder.pixels;
    return signedUnitToRgb(await this.#autoencoder.decode(latent), side, side);
  }

  #loadTransformer(): Promise<Transformer> {
    const { transformer, pyramid } = this.#model;
    this.#transformer ??= Transformer.load(transformer, pyramid, this.#runtime);
    return this.#transformer;
  }

  #loadQuantizer(): Promise<Quantizer> {
    const { tokenizer, pyramid } = this.#model;
    this.#quantizer ??= Quantizer.load(tokenizer, pyramid, this.#runtime);
    return this.#quantizer;
  }
}
