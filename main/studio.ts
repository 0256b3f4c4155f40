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
import type { RgbImage } from '../app/generation/pipeline-event.ts';
import type { GenerationRequest, ModelDescription, Settings } from '../app/generation/request.ts';
import { type ImportRequest, type ImportResult, importModel } from './checkpoints/import-model.ts';
import type { Model } from './checkpoints/model-folder.ts';
import { ModelStore } from './checkpoints/model-store.ts';
import type { LaunchEngine } from './engine/launcher.ts';
import { createNodeLauncher } from './engine/node-launcher.ts';
import { sessionThreads } from './engine/ort/threads.ts';
import { Supervisor } from './engine/supervisor.ts';
import { fingerprintFiles } from './jobs/fingerprint.ts';
import { unpackTokens } from './jobs/packed-tokens.ts';
import type { PictureRecord } from './jobs/picture-record.ts';
import { type GenerateCall, type MadePicture, makePicture, type ReadyModel } from './make-pictures.ts';
import { findPaths } from './paths.ts';

/** What is asked for where nothing else is said. */
export const DEFAULT_OPTIONS: EngineOptions = { provider: 'auto', precision: 'fp32', previews: 'linear' };

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
  /** All engines; batches use them side by side. */
  readonly engines: readonly [Supervisor<EngineApi>, ...Supervisor<EngineApi>[]];

  constructor(models: ModelStore, engines: Studio['engines']) {
    this.models = models;
    this.engines = engines;
    this.engine = engines[0];
  }

  /** What this machine can run models on. */
  devices(options: EngineOptions): Promise<DeviceReport> {
    return this.engine.call('devices', [options]);
  }

  /** What a model can do, with its class names if they are known. */
  async describe(model: Model, options: EngineOptions, signal?: AbortSignal): Promise<ModelDescription> {
    const description = await this.engine.call('describe', [model.source, options], { signal });
    if (description.labels.length > 0) return description;
    return { ...description, labels: namesOf(knownLabels(description.classes)) };
  }

  /**
   * A model that pictures can be made with.
   *
   * @param wanted an id or a folder; without it the model that comes with Underpaint
   */
  async ready(wanted: string | undefined, options: EngineOptions, signal?: AbortSignal): Promise<ReadyModel> {
    const model = await this.models.find(wanted);
    const [description, files] = [
      await this.describe(model, options, signal),
      await fingerprintFiles(model.source.files),
    ];
    return { model, description, files };
  }

  /**
   * Makes a picture.
   *
   * @param options `auto`, `fp32` and `linear` where they are left out
   * @throws StudioError bad-request, unknown-model, unknown-label; cancelled when the signal is aborted; and what can go
   *   wrong in the engine
   */
  async generate(
    request: PictureRequest,
    options: Partial<EngineOptions> = {},
    call: GenerateCall = {},
  ): Promise<MadePicture> {
    const engineOptions = { ...DEFAULT_OPTIONS, ...options };
    const ready = await this.ready(request.model, engineOptions, call.signal);
    const { label = null, settings = {} } = request;
    const { labels, classes } = ready.description;
    const index = typeof label === 'string' ? findLabel(label, labels, classes) : label;
    const complete = { ...request, model: ready.model.folder, label: index, settings };
    return makePicture(this.engine, ready, complete, engineOptions, call);
  }

  /** The picture of recorded tokens; the transformer is not run. Throws `bad-request` when the model has other tokens. */
  async decode(
    model: Model,
    { tokens }: PictureRecord,
    options: EngineOptions,
    signal?: AbortSignal,
  ): Promise<RgbImage> {
    const unpacked = unpackTokens(tokens);
    const { tokensPerStep, symbolsPerToken, vocabulary, title } = await this.describe(model, options, signal);
    const fits =
      symbolsPerToken === (tokens.symbols ?? 1) &&
      tokensPerStep.length === tokens.counts.length &&
      tokensPerStep.every((n, at) => n === tokens.counts[at]);
    if (!fits || unpacked.some((symbol) => symbol >= vocabulary)) {
      throw new StudioError('bad-request', `The tokens of the picture are not those of ${title}.`, {
        hint: 'Name the model that made the picture with --model.',
      });
    }
    return this.engine.call('decode', [model.source, options, unpacked, undefined], { signal });
  }

  /** Runs a model and writes its intermediate tensors; returns their names. Nothing is written when it fails. */
  async trace(model: Model, job: TraceJob, options: EngineOptions, signal?: AbortSignal): Promise<readonly string[]> {
    return (await this.engine.call('trace', [model.source, options, job], { signal })).tensors;
  }

  /** Makes checkpoint files a model of this machine; see `importModel`. */
  importModel(request: ImportRequest, signal?: AbortSignal): Promise<ImportResult> {
    const engine = {
      describe: (source: Model['source']) => this.engine.call('describe', [source, PLAIN_OPTIONS], { signal }),
      fitPreview: (source: Model['source']) => this.engine.call('fitPreview', [source, PLAIN_OPTIONS], { signal }),
    };
    return importModel(this.models, engine, request);
  }

  /** Ends the engines; what still runs fails with `cancelled`. */
  async dispose(): Promise<void> {
    await Promise.all(this.engines.map((engine) => engine.dispose()));
  }
}

export interface OpenStudioOptions {
  /** The data folder, for another one than the platform's. */
  readonly home?: string | undefined;
  /** How the engine process is started; as a forked Node process when left out. */
  readonly launcher?: ((entry: string, threads?: number) => LaunchEngine) | undefined;
  /** Engine processes that share the processors, 1 when left out. Each has the models in memory for itself. */
  readonly engines?: number | undefined;
}

/** Nothing is started before it is needed. */
export function openStudio({ home, launcher = createNodeLauncher, engines = 1 }: OpenStudioOptions = {}): Studio {
  const paths = findPaths(home);
  const threads =
    engines > 1 ? Math.max(1, Math.floor((sessionThreads() || availableParallelism()) / engines)) : undefined;
  const open = () => new Supervisor(ENGINE_CONTRACT, launcher(paths.engineEntry, threads));
  return new Studio(new ModelStore(paths), [open(), ...Array.from({ length: engines - 1 }, open)]);
}
