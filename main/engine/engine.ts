/**
 * What the engine process does: the methods of `EngineApi`, one call at a time in the order in which they come.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { StudioError } from '../../app/base/errors.ts';
import type {
  DeviceReport,
  EngineApi,
  EngineOptions,
  Footprint,
  ModelSource,
  PictureEvent,
  RunReport,
} from '../../app/contracts/engine-api.ts';
import type { CallContext, Handlers } from '../../app/contracts/rpc.ts';
import type { PipelineEvent } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest } from '../../app/generation/request.ts';
import type { Pipeline } from '../../native-models/pipeline.ts';
import type { Provider } from '../../native-models/runtime.ts';
import { type LoadModel, ModelCache, type Opening } from './model-cache.ts';
import { selfTest } from './self-test.ts';
import { SerialQueue, throwIfCancelled } from './serial-queue.ts';
import { runTraceJob } from './trace-job.ts';

/** What the engine is made of. */
export interface EngineParts {
  readonly loadModel: LoadModel;
  chooseProvider(asked: EngineOptions['provider']): Promise<Provider>;
  reportDevices(asked: EngineOptions['provider']): Promise<DeviceReport>;
  measureSpeed(): Promise<number>;
  /** How many models compute with where nothing else is said. */
  threads(): number;
}

/** @param budget bytes of loaded models, for calls that do not say; a share of the machine's memory when left out */
export function createEngine(parts: EngineParts, budget?: number): Handlers<EngineApi> {
  const models = new ModelCache(parts.loadModel, budget);
  const queue = new SerialQueue();

  const open = async (
    source: ModelSource,
    options: EngineOptions,
    { whole, onProgress }: Pick<Opening, 'whole' | 'onProgress'>,
  ): Promise<OpenModel> => {
    const provider = await parts.chooseProvider(options.provider);
    const start = performance.now();
    const { precision, memoryBudget, threads } = options;
    const pipeline = await models.get({
      source,
      provider,
      precision,
      whole,
      budget: memoryBudget,
      threads,
      onProgress,
    });
    return { pipeline, provider, precision, loadMs: performance.now() - start };
  };
  /**
   * Waits for its turn, opens the model and works with it; a model that ran out of memory does not stay.
   *
   * @param whole see `Opening`
   */
  const use = <T>(
    { signal }: CallContext<unknown>,
    source: ModelSource,
    options: EngineOptions,
    work: (model: OpenModel) => Promise<T>,
    whole = true,
  ): Promise<T> =>
    queue.run(signal, async () => {
      try {
        const model = await open(source, options, { whole });
        await nextTurn();
        throwIfCancelled(signal);
        return await work(model);
      } catch (error) {
        if (error instanceof StudioError && error.code === 'out-of-memory') await models.clear();
        throw error;
      }
    });

  /** Weights are made when they are first needed, so one picture is painted. */
  const prepare = async ({ signal, emit }: CallContext<number>, source: ModelSource, options: EngineOptions) => {
    let isOver = false;
    const onProgress = (share: number) => {
      if (!isOver) emit(share, { latest: true });
    };
    try {
      const model = await open(source, options, { whole: true, onProgress });
      await selfTest(model, Number.POSITIVE_INFINITY, signal);
      return null;
    } finally {
      isOver = true;
    }
  };

  const footprint = async (source: ModelSource, options: EngineOptions): Promise<Footprint> => {
    const provider = await parts.chooseProvider(options.provider);
    const { precision, memoryBudget: budget, threads = parts.threads() } = options;
    const { fixed, perPicture } = await models.need({ source, provider, precision, budget, threads: options.threads });
    const [fixedBytes, pictureBytes] = [Math.round(fixed), Math.round(perPicture)];
    return { provider, threads, fixedBytes, pictureBytes, availableBytes: models.available(budget) };
  };

  return {
    devices: ({ signal }, options) => queue.run(signal, () => parts.reportDevices(options.provider)),
    describe: (context, source, options) =>
      use(context, source, options, async ({ pipeline }) => pipeline.describe(), false),
    footprint: ({ signal }, source, options) => queue.run(signal, () => footprint(source, options)),
    generate: (context, source, options, request) =>
      use(context, source, options, (model) => generate(context, model, request, options.previews)),
    generateBatch: (context, source, options, requests) =>
      use(context, source, options, (model) => generateBatch(context, model, requests, options.previews)),
    selfTest: (context, source, options, limitMs) =>
      use(context, source, options, (model) => selfTest(model, limitMs, context.signal)),
    prepare: (context, source, options) => queue.run(context.signal, () => prepare(context, source, options)),
    measureSpeed: ({ signal }) => queue.run(signal, () => parts.measureSpeed()),
    fitPreview: (context, source, options) =>
      use(context, source, options, ({ pipeline }) => pipeline.fitPreview(), false),
    decode: (context, source, options, tokens, steps) =>
      use(context, source, options, ({ pipeline }) => pipeline.decode(tokens, steps), false),
    encode: (context, source, options, image) =>
      use(context, source, options, ({ pipeline }) => pipeline.encode(image), false),
    alternatives: (context, source, options, request, place) =>
      use(context, source, options, ({ pipeline }) => pipeline.alternatives(request, place, context.signal)),
    trace: (context, source, options, job) =>
      use(context, source, options, ({ pipeline }) => runTraceJob(pipeline, job, context.signal)),
  };
}

export interface OpenModel extends Pick<RunReport, 'loadMs' | 'precision'> {
  readonly pipeline: Pipeline;
  readonly provider: Provider;
}

async function generate(
  { emit, signal }: CallContext<PipelineEvent>,
  model: OpenModel,
  request: GenerationRequest,
  previews: EngineOptions['previews'],
): Promise<RunReport> {
  const clock = new PictureClock(model);
  await stream(model.pipeline.generate(request, { signal, previews }), signal, (event) => {
    clock.tick(event);
    emit(event);
  });
  return clock.report();
}

async function generateBatch(
  { emit, signal }: CallContext<PictureEvent>,
  model: OpenModel,
  requests: readonly GenerationRequest[],
  previews: EngineOptions['previews'],
): Promise<null> {
  const clocks = requests.map(() => new PictureClock(model));
  await stream(model.pipeline.generateBatch(requests, { signal, previews }), signal, ({ picture, event }) => {
    const clock = clocks[picture] as PictureClock;
    clock.tick(event);
    emit({ picture, event, report: event.type === 'image' ? clock.report() : undefined });
  });
  return null;
}

/** Between events the event loop gets its turn, so that a cancel message is seen. */
async function stream<T>(events: AsyncIterable<T>, signal: AbortSignal, tell: (event: T) => void): Promise<void> {
  for await (const event of events) {
    tell(event);
    await nextTurn();
    throwIfCancelled(signal);
  }
}

/** What took how long in the making of a picture. */
class PictureClock {
  readonly #model: OpenModel;
  readonly #start = performance.now();
  #firstPreviewMs = 0;
  #lastStepMs = 0;
  #imageMs = 0;

  constructor(model: OpenModel) {
    this.#model = model;
  }

  tick({ type }: PipelineEvent): void {
    const now = performance.now() - this.#start;
    if (type === 'image') this.#imageMs = now;
    else this.#lastStepMs = now;
    this.#firstPreviewMs ||= now;
  }

  report(): RunReport {
    const { provider, precision, loadMs } = this.#model;
    return {
      provider,
      precision,
      loadMs,
      firstPreviewMs: this.#firstPreviewMs,
      totalMs: performance.now() - this.#start,
      decodeMs: this.#imageMs - this.#lastStepMs,
      peakRssBytes: peakRssBytes(),
    };
  }
}

function peakRssBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
