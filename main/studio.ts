/**
 * The composition root: models, the engine and pictures put together. Every shell (command line, window, server) is a
 * shell around this.
 */
import { availableParallelism } from 'node:os';
import { StudioError } from '../app/base/errors.ts';
import { findLabel } from '../app/catalog/find-label.ts';
import { knownLabels, namesOf } from '../app/catalog/model-card.ts';
import type { DeviceReport, EngineApi, EngineOptions, TraceJob } from '../app/contracts/engine-api.ts';
import { ENGINE_CONTRACT } from '../app/contracts/engine-contract.ts';
import type { PipelineEvent, RgbImage } from '../app/generation/pipeline-event.ts';
import type { GenerationRequest, ModelDescription, Settings } from '../app/generation/request.ts';
import { type ImportRequest, type ImportResult, importModel } from './checkpoints/import-model.ts';
import type { Model } from './checkpoints/model-folder.ts';
import { ModelStore } from './checkpoints/model-store.ts';
import type { LaunchEngine } from './engine/launcher.ts';
import { createNodeLauncher } from './engine/node-launcher.ts';
import { Supervisor } from './engine/supervisor.ts';
import { type BatchCall, generatePictures, type MadePicture, type ReadyModel } from './generate-pictures.ts';
import { fingerprintFiles } from './jobs/fingerprint.ts';
import { unpackTokens } from './jobs/packed-tokens.ts';
import type { PictureRecord } from './jobs/picture-record.ts';
import { loadModelSettings, modelFolders } from './models/model-settings-file.ts';
import { findPaths } from './paths.ts';

export interface GenerateCall {
  /** Told of every step; the next one waits for it. */
  readonly onEvent?: ((event: PipelineEvent) => void | Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a person asks of the engine; what is left out is as the model wants it. */
export type AskedOptions = { readonly [K in keyof EngineOptions]?: EngineOptions[K] | undefined };

/** How models are imported and described: exact, and on every machine. */
const PLAIN_OPTIONS: EngineOptions = { provider: 'cpu', precision: 'fp32', previews: 'linear' };

/** A request of which only the seed must be given. */
export interface PictureRequest extends Omit<GenerationRequest, 'model' | 'label' | 'settings'> {
  /** Id or folder; the model that comes with Underpaint when left out. */
  readonly model?: string | undefined;
  /** Name or index of a class; no class in particular when left out. */
  readonly label?: string | number | null | undefined;
  /** The model's own where they are left out. */
  readonly settings?: Settings | undefined;
}

export class Studio {
  readonly models: ModelStore;
  readonly engine: Supervisor<EngineApi>;
  /** All engines; batches use them side by side. They start when they are first needed. */
  readonly engines: readonly [Supervisor<EngineApi>, ...Supervisor<EngineApi>[]];
  /** Bytes that loaded models may take; a share of the machine's memory when undefined. */
  memoryBudget: number | undefined;

  constructor(models: ModelStore, engines: Studio['engines'], memoryBudget?: number) {
    this.models = models;
    this.engines = engines;
    this.engine = engines[0];
    this.memoryBudget = memoryBudget;
  }

  /** Options with what was not asked for: the model's own precision, and the memory that models may take. */
  optionsFor({ card }: Model, { provider, precision, previews, memoryBudget }: AskedOptions): EngineOptions {
    return {
      provider: provider ?? 'auto',
      precision: precision ?? card.precision ?? 'fp32',
      previews: previews ?? 'linear',
      memoryBudget: memoryBudget ?? this.memoryBudget,
    };
  }

  /** What this machine can run models on. */
  devices({ provider = 'auto' }: AskedOptions): Promise<DeviceReport> {
    return this.engine.call('devices', [{ ...PLAIN_OPTIONS, provider }]);
  }

  /** What a model can do, with what is known of it from elsewhere: class names, and colours of its maps. */
  async describe(model: Model, asked: AskedOptions, signal?: AbortSignal): Promise<ModelDescription> {
    const described = await this.engine.call('describe', [model.source, this.optionsFor(model, asked)], { signal });
    const description = { ...described, regions: model.card.regions };
    if (description.labels.length > 0) return description;
    return { ...description, labels: namesOf(knownLabels(description.classes)) };
  }

  /**
   * A model that pictures can be made with.
   *
   * @param wanted an id or a folder; without it the model that comes with Underpaint
   */
  async ready(wanted: string | undefined, asked: AskedOptions = {}, signal?: AbortSignal): Promise<ReadyModel> {
    const model = await this.models.find(wanted);
    const [description, files] = [
      await this.describe(model, asked, signal),
      await fingerprintFiles(model.source.files),
    ];
    return { model, options: this.optionsFor(model, asked), description, files };
  }

  /**
   * Makes a picture.
   *
   * @throws StudioError bad-request, unknown-model, unknown-label; cancelled when the signal is aborted; and what can go
   *   wrong in the engine
   */
  async generate(request: PictureRequest, asked: AskedOptions = {}, call: GenerateCall = {}): Promise<MadePicture> {
    let made: MadePicture | undefined;
    await this.generateBatch([request], asked, {
      signal: call.signal,
      onEvent: (_, event) => call.onEvent?.(event),
      onPicture: (_, picture) => {
        made = picture;
      },
    });
    if (!made) throw new StudioError('internal', 'The engine finished without a picture.');
    return made;
  }

  /**
   * Makes pictures of one model, as many at once as memory allows. The engine goes on while a picture is dealt with.
   *
   * @throws StudioError as `generate`; `bad-request` when the requests name different models
   */
  async generateBatch(requests: readonly PictureRequest[], asked: AskedOptions, call: BatchCall): Promise<void> {
    const [first] = requests;
    if (!first || requests.some(({ model }) => model !== first.model)) {
      throw new StudioError('bad-request', 'A batch is of one or more pictures of the same model.');
    }
    const ready = await this.ready(first.model, asked, call.signal);
    await generatePictures(
      this.engine,
      ready,
      requests.map((request) => completed(request, ready)),
      call,
    );
  }

  /** The picture of recorded tokens; the transformer is not run. Throws `bad-request` when the model has other tokens. */
  async decode(model: Model, { tokens }: PictureRecord, asked: AskedOptions, signal?: AbortSignal): Promise<RgbImage> {
    const unpacked = unpackTokens(tokens);
    const { tokensPerStep, symbolsPerToken, vocabulary, title } = await this.describe(model, asked, signal);
    const fits =
      symbolsPerToken === (tokens.symbols ?? 1) &&
      tokensPerStep.length === tokens.counts.length &&
      tokensPerStep.every((n, at) => n === tokens.counts[at]);
    if (!fits || unpacked.some((symbol) => symbol >= vocabulary)) {
      throw new StudioError('bad-request', `The tokens of the picture are not those of ${title}.`, {
        hint: 'Name the model that made the picture with --model.',
      });
    }
    return this.engine.call('decode', [model.source, this.optionsFor(model, asked), unpacked, undefined], { signal });
  }

  /** Runs a model and writes its intermediate tensors; returns their names. Nothing is written when it fails. */
  async trace(model: Model, job: TraceJob, asked: AskedOptions, signal?: AbortSignal): Promise<readonly string[]> {
    return (await this.engine.call('trace', [model.source, this.optionsFor(model, asked), job], { signal })).tensors;
  }

  /** Makes checkpoint files a model of this machine; see `importModel`. */
  importModel(request: ImportRequest, signal?: AbortSignal): Promise<ImportResult> {
    const options = { ...PLAIN_OPTIONS, memoryBudget: this.memoryBudget };
    const engine = {
      describe: (source: Model['source']) => this.engine.call('describe', [source, options], { signal }),
      fitPreview: (source: Model['source']) => this.engine.call('fitPreview', [source, options], { signal }),
    };
    return importModel(this.models, engine, request);
  }

  /** Ends the engines; what still runs fails with `cancelled`. */
  async dispose(): Promise<void> {
    await Promise.all(this.engines.map((engine) => engine.dispose()));
  }
}

function completed(request: PictureRequest, { model, description }: ReadyModel): GenerationRequest {
  const { label = null, settings = {} } = request;
  const { labels, classes } = description;
  const index = typeof label === 'string' ? findLabel(label, labels, classes) : label;
  return { ...request, model: model.folder, label: index, settings };
}

export interface OpenStudioOptions {
  /** The data folder, for another one than the platform's. */
  readonly home?: string | undefined;
  /** How the engine process is started; as a forked Node process when left out. */
  readonly launcher?: ((entry: string) => LaunchEngine) | undefined;
  /** Engine processes that batches may use side by side, as far as memory goes: one for each processor when left out. */
  readonly engines?: number | undefined;
}

/** Nothing is started before it is needed. */
export function openStudio({
  home,
  launcher = createNodeLauncher,
  engines = availableParallelism(),
}: OpenStudioOptions = {}): Studio {
  const paths = findPaths(home);
  const settings = loadModelSettings(paths.data);
  const store = new ModelStore(modelFolders(paths, settings));
  const open = () => new Supervisor(ENGINE_CONTRACT, launcher(paths.engineEntry));
  const others = Array.from({ length: engines - 1 }, open);
  return new Studio(store, [open(), ...others], settings.memoryBudget ?? undefined);
}
