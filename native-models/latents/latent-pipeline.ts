/**
 * The pipeline of families that paint latents step by step: the only file that knows the order of things.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { Alternative, BatchEvent, PipelineEvent, RgbImage } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest, ModelDescription, SettingSpec } from '../../app/generation/request.ts';
import type { PreviewMap } from '../autoencoder/preview.ts';
import type { KlWeights } from '../kl/config.ts';
import { LatentPainter } from '../kl/latent-painter.ts';
import { pictureByPicture } from '../picture-by-picture.ts';
import type { GenerateOptions, NamedArray, Pipeline } from '../pipeline.ts';
import { checkedKept, checkedLabel, throwIfCancelled } from '../request-checks.ts';
import type { Runtime } from '../runtime.ts';
import { type QuantizedPrecision, quantizedLinears } from '../weights/quantize.ts';
import { weightsInPrecision } from '../weights/weights-in-precision.ts';
import type { LatentConfig, LatentFamily, LatentModel, LatentWeights } from './latent-family.ts';
import { FLOAT16_VALUES, joinSymbols, latentToSymbols, symbolsToLatent } from './latent-tokens.ts';

/** Calls of a step's flow between two looks at it. */
const LOOK_EVERY = 3;

export class LatentPipeline<C extends LatentConfig, S, T extends { dispose(): Promise<void> }> implements Pipeline {
  readonly #family: LatentFamily<C, S, T>;
  readonly #model: LatentModel<C>;
  readonly #runtime: Runtime;
  readonly #specs: readonly SettingSpec[];
  readonly #painter: LatentPainter | undefined;
  #transformer: Promise<T> | undefined;

  constructor(family: LatentFamily<C, S, T>, model: LatentModel<C>, runtime: Runtime) {
    const { transformer, autoencoder, source } = model;
    this.#family = family;
    this.#model = model;
    this.#runtime = runtime;
    this.#specs = family.settingSpecs(transformer.config, source.defaults);
    const side = family.latentSide(transformer.config);
    this.#painter = autoencoder && new LatentPainter(autoencoder, side, runtime, source.preview);
  }

  get #config(): C {
    return this.#model.transformer.config;
  }

  describe(): ModelDescription {
    const { source, title } = this.#model;
    const { pixels } = this.#checkedPainter().autoencoder;
    return {
      family: this.#family.id,
      title,
      width: pixels,
      height: pixels,
      labels: source.labels,
      classes: this.#config.classes,
      words: false,
      controls: [],
      ...this.#family.steps(this.#config),
      symbolsPerToken: this.#config.channels,
      vocabulary: FLOAT16_VALUES,
      capabilities: [],
      settings: this.#specs,
    };
  }

  generateBatch(requests: readonly GenerationRequest[], options: GenerateOptions): AsyncGenerator<BatchEvent> {
    return pictureByPicture(this, requests, options);
  }

  async *generate(request: GenerationRequest, { signal, previews }: GenerateOptions): AsyncGenerator<PipelineEvent> {
    const [family, config] = [this.#family, this.#config];
    const painter = this.#checkedPainter();
    const label = checkedLabel(request.label, config.classes);
    const kept = checkedKept(request.kept, config.positions, config.channels);
    const settings = family.parseSettings(this.#specs, request.settings);
    const show = await painter.previewer(previews);
    const progress = family.progress(config, (this.#model.autoencoder as KlWeights).config, settings);
    const starts = this.#stepStarts();
    const latents = new Float32Array(config.positions * config.channels);
    const symbols: Int32Array[] = [];
    const steps = starts.length - 1;
    for await (const event of family.generate(await this.#load(), { label, seed: request.seed, settings, kept })) {
      throwIfCancelled(signal);
      const { step } = event;
      if (event.kind === 'look') {
        const isShown = previews === 'linear' && event.done % LOOK_EVERY === 0 && family.showsLooks(config, step);
        if (!isShown) continue;
        latents.set(event.expected, starts[step]);
        const preview = await show(family.toPlanes(config, latents, step));
        yield { type: 'preview', step, steps, progress: progress(step, event.done / event.of), preview };
      } else {
        latents.set(event.latent, starts[step]);
        symbols.push(event.symbols);
        yield {
          type: 'step',
          step,
          steps,
          progress: progress(step, 1),
          preview: await show(family.toPlanes(config, latents, step)),
          tokens: event.symbols,
          entropy: new Float32Array(0),
        };
      }
      throwIfCancelled(signal);
    }
    const image = await painter.paint(family.toPlanes(config, latents, steps - 1));
    yield { type: 'image', image, tokens: joinSymbols(symbols) };
  }

  /** Of the first steps alone: what they do not paint is a latent of zeros. */
  async decode(tokens: Int32Array, steps = this.#stepStarts().length - 1): Promise<RgbImage> {
    const { positions, channels } = this.#config;
    const starts = this.#stepStarts();
    if (steps < 1 || steps >= starts.length) {
      throw new StudioError('bad-request', `The model paints in ${starts.length - 1} steps, not ${steps}.`);
    }
    if (tokens.length !== positions * channels) {
      throw new StudioError('bad-request', `A picture of this model has ${positions} tokens of ${channels} numbers.`);
    }
    const latents = symbolsToLatent(tokens.subarray(0, starts[steps]));
    return this.#checkedPainter().paint(this.#family.toPlanes(this.#config, latents, steps - 1));
  }

  async encode(image: RgbImage): Promise<Int32Array> {
    const planes = await this.#checkedPainter().encode(image);
    return latentToSymbols(this.#family.fromPlanes(this.#config, planes));
  }

  async alternatives(): Promise<readonly Alternative[]> {
    throw new StudioError('bad-request', 'This model paints with numbers: a place has no list of alternatives.');
  }

  fitPreview(): Promise<PreviewMap> {
    return this.#checkedPainter().fitPreview();
  }

  async trace(
    run: Readonly<Record<string, unknown>>,
    forced: ReadonlyMap<string, NamedArray>,
    signal: AbortSignal,
  ): Promise<Map<string, NamedArray>> {
    return this.#family.trace(await this.#load(), this.#painter?.autoencoder, { run, forced, signal });
  }

  async dispose(): Promise<void> {
    await (await this.#transformer)?.dispose();
    await this.#painter?.dispose();
  }

  /** Where each step's numbers begin among those of all tokens, and where the last one's end. */
  #stepStarts(): number[] {
    const { tokensPerStep } = this.#family.steps(this.#config);
    const starts = [0];
    for (const tokens of tokensPerStep) starts.push((starts.at(-1) as number) + tokens * this.#config.channels);
    return starts;
  }

  #checkedPainter(): LatentPainter {
    if (this.#painter) return this.#painter;
    const { name, publishedFile } = this.#family;
    throw new StudioError('missing-file', `A model of ${name} also needs its autoencoder (kl16.ckpt).`, {
      hint: `Import both: underpaint models import --transformer ${publishedFile} --tokenizer kl16.ckpt`,
    });
  }

  /** In the runtime's precision. */
  async #weights(): Promise<LatentWeights<C>> {
    const { index, config } = this.#model.transformer;
    const expected = this.#family.expectedTensors(config);
    const used = (key: string) => expected.has(key) || key.endsWith('.rope.freqs');
    const keys = { used, quantized: this.#family.isQuantized(config) };
    const inFewerBits = (precision: QuantizedPrecision) => quantizedLinears(index, keys, precision, this.#runtime);
    return { config, index: await weightsInPrecision(index, this.#runtime, inFewerBits) };
  }

  #load(): Promise<T> {
    this.#transformer ??= this.#weights().then((weights) => this.#family.load(weights, this.#runtime));
    return this.#transformer;
  }
}
