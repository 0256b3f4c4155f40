/**
 * VAR's pipeline: the only file that knows the order of things.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { PipelineEvent, RgbImage } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest, ModelDescription, SettingSpec } from '../../app/generation/request.ts';
import { signedUnitToRgb } from '../../app/imaging/planes.ts';
import type { GenerateOptions, NamedArray, Pipeline } from '../pipeline.ts';
import type { Runtime } from '../runtime.ts';
import { Autoencoder } from '../vq/autoencoder.ts';
import { fitPreview, type PreviewMap, paintPreview } from '../vq/preview.ts';
import { Quantizer } from '../vq/quantizer.ts';
import { latentSize, tokenCount } from '../vq/scales.ts';
import { workShares } from './cost.ts';
import { generateScales } from './generate.ts';
import { parseSettings, settingSpecs } from './settings.ts';
import { traceVar } from './trace-var.ts';
import { Transformer } from './transformer.ts';
import type { VarModel } from './var-model.ts';

export class VarPipeline implements Pipeline {
  readonly #model: VarModel;
  readonly #runtime: Runtime;
  readonly #specs: readonly SettingSpec[];
  readonly #autoencoder: Autoencoder;
  #quantizer: Promise<Quantizer> | undefined;
  #transformer: Promise<Transformer> | undefined;
  #preview: Promise<PreviewMap> | undefined;

  constructor(model: VarModel, runtime: Runtime) {
    this.#model = model;
    this.#runtime = runtime;
    this.#specs = settingSpecs(model.transformer.config.vocabulary, model.source.defaults);
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
      tokensPerStep: pyramid.patchNums.map((side) => side * side),
      vocabulary: config.vocabulary,
      settings: this.#specs,
    };
  }

  async *generate(request: GenerationRequest, { signal, previews }: GenerateOptions): AsyncGenerator<PipelineEvent> {
    const { pyramid } = this.#model;
    const label = this.#checkedLabel(request.label);
    const settings = parseSettings(this.#specs, request.settings);
    const paint = await this.#previewPainter(previews);
    const [transformer, quantizer] = [await this.#loadTransformer(), await this.#loadQuantizer()];
    const progress = workShares(this.#model);
    const tokens = new Int32Array(tokenCount(pyramid));
    let latent = quantizer.emptyLatent();
    for await (const step of generateScales(transformer, quantizer, { label, settings, seed: request.seed })) {
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
      };
      throwIfCancelled(signal);
    }
    yield { type: 'image', image: await this.#paint(latent), tokens };
  }

  async decode(tokens: Int32Array): Promise<RgbImage> {
    const latents = await (await this.#loadQuantizer()).latents(tokens);
    return this.#paint(latents.at(-1) as Float32Array);
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

  #checkedLabel(label: number | null): number {
    const { classes } = this.#model.transformer.config;
    if (label === null) return classes;
    if (Number.isInteger(label) && label >= 0 && label < classes) return label;
    throw new StudioError('unknown-label', `There is no class ${label}: this model's classes are 0 to ${classes - 1}.`);
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

function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new StudioError('cancelled', 'The picture was cancelled.');
}
