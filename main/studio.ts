/**
 * The composition root: models, the engine and pictures put together. Every shell (command line, window, server) is a
 * shell around this.
 */
import { StudioError } from '../app/base/errors.ts';
import { knownLabels, namesOf } from '../app/catalog/model-card.ts';
import type {
  DeviceReport,
  EngineApi,
  EngineOptions,
  PictureEvent,
  RunReport,
  TraceJob,
} from '../app/contracts/engine-api.ts';
import { ENGINE_CONTRACT } from '../app/contracts/engine-contract.ts';
import type { PipelineEvent, RgbImage } from '../app/generation/pipeline-event.ts';
import type { GenerationRequest, ModelDescription } from '../app/generation/request.ts';
import { resolveSettings } from '../app/generation/resolve-settings.ts';
import { stepTokens } from '../app/generation/step-tokens.ts';
import { type ImportRequest, type ImportResult, importModel } from './checkpoints/import-model.ts';
import type { Model } from './checkpoints/model-folder.ts';
import { ModelStore } from './checkpoints/model-store.ts';
import type { LaunchEngine } from './engine/launcher.ts';
import { createNodeLauncher } from './engine/node-launcher.ts';
import { Supervisor } from './engine/supervisor.ts';
import { recordControl } from './jobs/control-maps.ts';
import { fingerprintFiles } from './jobs/fingerprint.ts';
import { packMask } from './jobs/packed-mask.ts';
import { packTokens, unpackTokens } from './jobs/packed-tokens.ts';
import type { PictureRecord } from './jobs/picture-record.ts';
import type { Picture } from './jobs/write-picture.ts';
import { loadModelSettings, modelFolders } from './models/model-settings-file.ts';
import { APP_VERSION, findPaths } from './paths.ts';

export interface MadePicture extends Picture {
  readonly report: RunReport;
}

export interface GenerateCall {
  /** Told of every step; the next one waits for it. */
  readonly onEvent?: ((event: PipelineEvent) => void | Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface BatchCall {
  /** Told of every event with the place of its picture; the next one waits for it. */
  readonly onEvent?: ((picture: number, event: PipelineEvent) => void | Promise<void>) | undefined;
  readonly onPicture: (picture: number, made: MadePicture) => void | Promise<void>;
  readonly signal?: AbortSignal | undefined;
}
/** What a person asks of the engine; what is left out is as the model wants it. */
export type AskedOptions = { readonly [K in keyof EngineOptions]?: EngineOptions[K] | undefined };

/** How models are imported and described: exact, and on every machine. */
const PLAIN_OPTIONS: EngineOptions = { provider: 'cpu', precision: 'fp32', previews: 'linear' };

export class Studio {
  readonly models: ModelStore;
  readonly engine: Supervisor<EngineApi>;
  /** Bytes that loaded models may take; a share of the machine's memory when undefined. */
  memoryBudget: number | undefined;

  constructor(models: ModelStore, engine: Supervisor<EngineApi>, memoryBudget?: number) {
    this.models = models;
    this.engine = engine;
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

  /** What a model can do, with its class names if they are known. */
  async describe(model: Model, asked: AskedOptions, signal?: AbortSignal): Promise<ModelDescription> {
    const description = await this.engine.call('describe', [model.source, this.optionsFor(model, asked)], { signal });
    if (description.labels.length > 0) return description;
    return { ...description, labels: namesOf(knownLabels(description.classes)) };
  }

  /**
   * Makes a picture.
   *
   * @param request its `model` is an id or a folder
   * @throws StudioError bad-request, unknown-model, unknown-label; cancelled when the signal is aborted; and what can go
   *   wrong in the engine
   */
  async generate(request: GenerationRequest, asked: AskedOptions, call: GenerateCall = {}): Promise<MadePicture> {
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
  async generateBatch(requests: readonly GenerationRequest[], asked: AskedOptions, call: BatchCall): Promise<void> {
    const [first] = requests;
    if (!first || requests.some(({ model }) => model !== first.model)) {
      throw new StudioError('bad-request', 'A batch is of one or more pictures of the same model.');
    }
    const { signal } = call;
    const model = await this.models.find(first.model);
    const options = this.optionsFor(model, asked);
    const description = await this.describe(model, options, signal);
    const complete = requests.map((request) => ({
      ...request,
      settings: resolveSettings(description.settings, request.settings),
    }));
    const onEvent = async ({ picture, event, report }: PictureEvent) => {
      await call.onEvent?.(picture, event);
      if (event.type !== 'image' || !report) return;
      const { image, tokens } = event;
      const request = complete[picture] as GenerationRequest;
      const record = await recordOf({ model, description, request, report, tokens });
      await call.onPicture(picture, { image, report, record });
    };
    await this.engine.call('generateBatch', [model.source, options, complete], { onEvent, signal });
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

  /** Ends the engine; what still runs fails with `cancelled`. */
  dispose(): Promise<void> {
    return this.engine.dispose();
  }
}

export interface OpenStudioOptions {
  /** The data folder, for another one than the platform's. */
  readonly home?: string | undefined;
  /** How the engine process is started; as a forked Node process when left out. */
  readonly launcher?: ((entry: string) => LaunchEngine) | undefined;
}

export function openStudio({ home, launcher = createNodeLauncher }: OpenStudioOptions = {}): Studio {
  const paths = findPaths(home);
  const settings = loadModelSettings(paths.data);
  const store = new ModelStore(modelFolders(paths, settings));
  const engine = new Supervisor(ENGINE_CONTRACT, launcher(paths.engineEntry));
  return new Studio(store, engine, settings.memoryBudget ?? undefined);
}

interface Making {
  readonly model: Model;
  readonly description: ModelDescription;
  readonly request: GenerationRequest;
  readonly report: RunReport;
  readonly tokens: Int32Array;
}

async function recordOf({ model, description, request, report, tokens }: Making): Promise<PictureRecord> {
  const { id, name, family } = model.card;
  const { label, prompt, control, seed, settings, kept } = request;
  const labelName = label === null ? null : (description.labels[label] ?? null);
  return {
    version: 1,
    app: APP_VERSION,
    model: { id, name, family, files: await fingerprintFiles(model.source.files) },
    request: {
      label,
      labelName,
      ...(prompt !== undefined && { prompt }),
      ...(control && { control: await recordControl(control) }),
      seed,
      settings,
      kept: kept && packMask(kept.mask),
    },
    provider: report.provider,
    precision: report.precision,
    tokens: packTokens(tokens, { ...description, tokensPerStep: stepTokens(description, control) }),
  };
}
