/**
 * The pipeline of LlamaGen and ControlAR: the only file that knows the order of things.
 */
import { StudioError } from '../../app/base/errors.ts';
import type { TokenPlace } from '../../app/contracts/engine-api.ts';
import type { Alternative, BatchEvent, PipelineEvent, RgbImage } from '../../app/generation/pipeline-event.ts';
import type {
  ControlMap,
  GenerationRequest,
  KeptTokens,
  MapKind,
  ModelDescription,
  SettingSpec,
} from '../../app/generation/request.ts';
import { rgbToSignedUnit, signedUnitToRgb } from '../../app/imaging/planes.ts';
import { type PreviewMap, paintPreview } from '../autoencoder/preview.ts';
import type { TokenGrid } from '../autoencoder/token-grid.ts';
import type { ModelMemory } from '../memory.ts';
import { pictureByPicture } from '../picture-by-picture.ts';
import type { GenerateOptions, NamedArray, Pipeline } from '../pipeline.ts';
import { checkedKept, checkedLabel, throwIfCancelled } from '../request-checks.ts';
import type { Runtime } from '../runtime.ts';
import { entropyBits } from '../sampling/entropy.ts';
import { downsampling } from '../vqgan/config.ts';
import { fitPreview } from '../vqgan/preview.ts';
import { Tokenizer } from '../vqgan/tokenizer.ts';
import { controlKinds } from './control-kinds.ts';
import { tokenShare } from './cost.ts';
import { generateTokens } from './generate.ts';
import { memoryOfControlar } from './memory.ts';
import type { ControlarModel } from './model.ts';
import { ModelParts } from './model-parts.ts';
import { gridOf, pictureSizes, usualGrid } from './picture-size.ts';
import { TokenSampler } from './sampler.ts';
import { parseSettings, type SamplerSettings, settingSpecs } from './settings.ts';
import { traceModel } from './trace.ts';
import type { TokenOutput, TransformerState } from './transformer.ts';

/** A request that has been checked. */
interface Job {
  readonly request: GenerationRequest;
  readonly settings: SamplerSettings;
  readonly grid: TokenGrid;
  readonly kept: KeptTokens | undefined;
}

export class ControlarPipeline implements Pipeline {
  readonly memory: ModelMemory;
  readonly #model: ControlarModel;
  readonly #runtime: Runtime;
  readonly #specs: readonly SettingSpec[];
  readonly #controls: readonly MapKind[];
  readonly #parts: ModelParts;
  readonly #tokenizer: Tokenizer;
  #preview: Promise<PreviewMap> | undefined;

  constructor(model: ControlarModel, runtime: Runtime) {
    const { transformer, tokenizer, source } = model;
    this.memory = memoryOfControlar(model);
    this.#model = model;
    this.#runtime = runtime;
    this.#specs = settingSpecs(transformer.config, source.defaults);
    this.#controls = transformer.config.control ? controlKinds(transformer.index.file) : [];
    this.#parts = new ModelParts(model, runtime);
    this.#tokenizer = new Tokenizer(tokenizer, runtime);
  }

  describe(): ModelDescription {
    const { source, title, tokenizer } = this.#model;
    const { conditioning, vocabulary } = this.#model.transformer.config;
    const { rows, columns } = usualGrid(this.#model);
    const step = downsampling(tokenizer.config);
    return {
      family: 'controlar',
      title,
      width: columns * step,
      height: rows * step,
      labels: source.labels,
      classes: conditioning.kind === 'class' ? conditioning.classes : 0,
      words: conditioning.kind === 'text',
      controls: this.#controls,
      sizes: pictureSizes(this.#model),
      tokensPerStep: new Array<number>(rows).fill(columns),
      stepKind: 'row',
      stepAreas: Array.from({ length: rows }, (_, row) => ({ x: 0, y: row / rows, width: 1, height: 1 / rows })),
      symbolsPerToken: 1,
      vocabulary,
      capabilities: ['entropy', 'alternatives'],
      settings: this.#specs,
    };
  }

  /** A step is a row of tokens. */
  generateBatch(requests: readonly GenerationRequest[], options: GenerateOptions): AsyncGenerator<BatchEvent> {
    return pictureByPicture(this, requests, options);
  }

  async *generate(request: GenerationRequest, { signal, previews }: GenerateOptions): AsyncGenerator<PipelineEvent> {
    const job = this.#checked(request);
    const { rows, columns } = job.grid;
    const paint = await this.#previewPainter(previews, job.grid);
    const share = tokenShare(this.#model);
    const tokens = new Int32Array(rows * columns);
    const entropy = new Float32Array(rows * columns);
    for await (const { position, token, bits } of this.#tokens(job)) {
      throwIfCancelled(signal);
      tokens[position] = token;
      entropy[position] = bits;
      if ((position + 1) % columns !== 0) continue;
      const row = Math.floor(position / columns);
      yield {
        type: 'step',
        step: row,
        steps: rows,
        progress: (share * (row + 1)) / rows,
        preview: await paint(tokens.subarray(0, position + 1)),
        tokens: tokens.slice(row * columns, position + 1),
        entropy: entropy.slice(row * columns, position + 1),
      };
    }
    throwIfCancelled(signal);
    yield { type: 'image', image: await this.#paint(tokens, job.grid), tokens };
  }

  /** The tokens in raster order, each with its entropy in bits; 0 for those taken over at the beginning. */
  async *#tokens(job: Job): AsyncGenerator<{ position: number; token: number; bits: number }> {
    const { vocabulary } = this.#model.transformer.config;
    const sampler = new TokenSampler(vocabulary, job.settings, job.request.seed);
    const { begun, start } = await this.#begin(job);
    sampler.skipTokens(start);
    for (let position = 0; position < start; position++) {
      yield { position, token: (job.kept as KeptTokens).tokens[position] as number, bits: 0 };
    }
    const count = job.grid.rows * job.grid.columns;
    for await (const { position, token } of generateTokens(begun, sampler, { start, count, kept: job.kept })) {
      yield { position, token, bits: entropyBits(sampler.probabilities, vocabulary)[0] as number };
    }
  }

  /** Runs the prompt, and at once the kept tokens that the picture begins with. */
  async #begin(job: Job): Promise<{ begun: { state: TransformerState; first: TokenOutput }; start: number }> {
    const rows = job.settings.cfg > 1 ? 2 : 1;
    const condition = await this.#parts.condition(job.request, rows, job.settings.controlStrength, job.grid);
    const transformer = await this.#parts.transformer(rows);
    const { state, first } = await transformer.begin(condition);
    const start = job.kept ? leadingOnes(job.kept.mask, job.grid.rows * job.grid.columns - 1) : 0;
    if (start === 0) return { begun: { state, first }, start };
    return { begun: { state, first: await state.feed((job.kept as KeptTokens).tokens.subarray(0, start)) }, start };
  }

  async decode(tokens: Int32Array, steps?: number): Promise<RgbImage> {
    const grid = usualGrid(this.#model);
    const count = grid.rows * grid.columns;
    if (tokens.length !== count) {
      throw new StudioError('bad-request', `${tokens.length} tokens were given; this model's pictures have ${count}.`);
    }
    return this.#paint(tokens.subarray(0, (steps ?? grid.rows) * grid.columns), grid);
  }

  async encode(image: RgbImage): Promise<Int32Array> {
    const grid = usualGrid(this.#model);
    const step = downsampling(this.#model.tokenizer.config);
    const [width, height] = [grid.columns * step, grid.rows * step];
    if (image.width !== width || image.height !== height) {
      throw new StudioError(
        'bad-request',
        `The picture must be ${width}×${height}, not ${image.width}×${image.height}.`,
      );
    }
    return (await this.#tokenizer.encode(rgbToSignedUnit(image), grid)).tokens;
  }

  async alternatives(
    request: GenerationRequest,
    { step, position, count }: TokenPlace,
    signal: AbortSignal,
  ): Promise<readonly Alternative[]> {
    const job = this.#checked(request);
    const { rows, columns } = job.grid;
    if (!job.kept || step >= rows || position >= columns) {
      throw new StudioError('bad-request', `There is no token ${position} in row ${step} of a known picture.`);
    }
    const { tokens } = job.kept;
    const place = step * columns + position;
    const before = { tokens, mask: Uint8Array.from(tokens, (_, i) => (i < place ? 1 : 0)) };
    const { vocabulary } = this.#model.transformer.config;
    const sampler = new TokenSampler(vocabulary, job.settings, job.request.seed);
    const { begun, start } = await this.#begin({ ...job, kept: before });
    throwIfCancelled(signal);
    await generateTokens(begun, sampler, { start, count: place + 1, kept: before }).next();
    const paint = await this.#previewPainter('linear', job.grid);
    return rankAlternatives(sampler.probabilities, count, (token) => paint(tokens.with(place, token)));
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
    const parts = { model: this.#model, parts: this.#parts, tokenizer: this.#tokenizer, specs: this.#specs };
    return traceModel(parts, { run, forced, signal });
  }

  async dispose(): Promise<void> {
    await this.#parts.dispose();
    await this.#tokenizer.dispose();
  }

  async #previewPainter(
    previews: GenerateOptions['previews'],
    grid: TokenGrid,
  ): Promise<(tokens: Int32Array) => Promise<RgbImage>> {
    if (previews === 'decoded') return (tokens) => this.#paint(tokens, grid);
    const map = this.#model.source.preview ?? (await this.fitPreview());
    return async (tokens) => paintPreview(map, await this.#tokenizer.lookUp(tokens, grid), grid.rows, grid.columns);
  }

  /** The picture, bytes rounded as the authors do; what has no tokens yet is an even colour. */
  async #paint(tokens: Int32Array, grid: TokenGrid): Promise<RgbImage> {
    const step = downsampling(this.#model.tokenizer.config);
    const planes = await this.#tokenizer.decode(await this.#tokenizer.lookUp(tokens, grid), grid);
    return signedUnitToRgb(planes, grid.columns * step, grid.rows * step, Math.round);
  }

  #checked(request: GenerationRequest): Job {
    const { conditioning, vocabulary } = this.#model.transformer.config;
    const { label, prompt } = request;
    checkPrompt(prompt, conditioning.kind);
    if (conditioning.kind === 'class') checkedLabel(label, conditioning.classes);
    checkControl(request.control, this.#controls);
    const grid = gridOf(this.#model, request.control?.image);
    const kept = checkedKept(request.kept, grid.rows * grid.columns);
    checkTokens(kept?.tokens, vocabulary);
    return { request, settings: parseSettings(this.#specs, request.settings), grid, kept };
  }
}

function checkPrompt(prompt: string | undefined, kind: 'class' | 'text'): void {
  if (kind === 'class' && prompt) {
    throw new StudioError('bad-request', 'This model paints classes and reads no words.', {
      hint: 'Choose a class, or a model that paints from words.',
    });
  }
}

function checkControl(control: ControlMap | undefined, kinds: readonly MapKind[]): void {
  if (kinds.length === 0 && control) {
    throw new StudioError('bad-request', 'This model follows no control map.', {
      hint: 'Leave the map out, or choose a ControlAR model.',
    });
  }
  if (kinds.length > 0 && !control) {
    throw new StudioError('bad-request', 'This model paints over a control map, and there is none.', {
      hint: `Give a map of this kind: ${kinds.join(', ')}.`,
    });
  }
  if (control && !kinds.some((kind) => kind === control.kind)) {
    throw new StudioError('bad-request', `This model does not follow maps of the kind "${control.kind}".`, {
      hint: `It follows: ${kinds.join(', ')}.`,
    });
  }
}

function checkTokens(tokens: Int32Array | undefined, vocabulary: number): void {
  const wrong = tokens?.find((token) => !(token >= 0 && token < vocabulary));
  if (wrong === undefined) return;
  throw new StudioError('bad-request', `Token ${wrong} is outside the codebook of ${vocabulary} entries.`, {
    hint: 'These tokens come from another model.',
  });
}

function leadingOnes(mask: Uint8Array, most: number): number {
  const first = mask.indexOf(0);
  return Math.min(first < 0 ? mask.length : first, most);
}

async function rankAlternatives(
  probabilities: Float32Array,
  count: number,
  paint: (token: number) => Promise<RgbImage>,
): Promise<Alternative[]> {
  const ranked = Array.from(probabilities.keys())
    .filter((token) => probabilities[token]! > 0)
    .sort((a, b) => probabilities[b]! - probabilities[a]!)
    .slice(0, count);
  const found: Alternative[] = [];
  for (const token of ranked) {
    found.push({ token, probability: probabilities[token] as number, preview: await paint(token) });
  }
  return found;
}
