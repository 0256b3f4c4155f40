/**
 * What the engine process does: the methods of `EngineApi`, one call at a time in the order in which they come.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { StudioError } from '../../app/base/errors.ts';
import type { DeviceReport, EngineApi, EngineOptions, ModelSource, RunReport } from '../../app/contracts/engine-api.ts';
import type { CallContext, Handlers } from '../../app/contracts/rpc.ts';
import type { PipelineEvent } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest } from '../../app/generation/request.ts';
import type { Pipeline } from '../../native-models/pipeline.ts';
import type { Provider } from '../../native-models/runtime.ts';
import { type LoadModel, ModelCache } from './model-cache.ts';
import { SerialQueue, throwIfCancelled } from './serial-queue.ts';
import { runTraceJob } from './trace-job.ts';

/** What the engine is made of. */
export interface EngineParts {
  readonly loadModel: LoadModel;
  chooseProvider(asked: EngineOptions['provider']): Promise<Provider>;
  reportDevices(asked: EngineOptions['provider']): Promise<DeviceReport>;
}

/** @param budget bytes of model files that stay loaded; half of the machine's memory when left out */
export function createEngine(parts: EngineParts, budget?: number): Handlers<EngineApi> {
  const models = new ModelCache(parts.loadModel, budget);
  const queue = new SerialQueue();

  const open = async (source: ModelSource, options: EngineOptions): Promise<OpenModel> => {
    const provider = await parts.chooseProvider(options.provider);
    const start = performance.now();
    const pipeline = await models.get({ source, provider, precision: options.precision });
    return { pipeline, provider, precision: options.precision, loadMs: performance.now() - start };
  };
  /** Waits for its turn, opens the model and works with it; a model that ran out of memory does not stay. */
  const use = <T>(
    { signal }: CallContext<unknown>,
    source: ModelSource,
    options: EngineOptions,
    work: (model: OpenModel) => Promise<T>,
  ): Promise<T> =>
    queue.run(signal, async () => {
      try {
        const model = await open(source, options);
        await nextTurn();
        throwIfCancelled(signal);
        return await work(model);
      } catch (error) {
        if (error instanceof StudioError && error.code === 'out-of-memory') await models.clear();
        throw error;
      }
    });

  return {
    devices: ({ signal }, options) => queue.run(signal, () => parts.reportDevices(options.provider)),
    describe: (context, source, options) => use(context, source, options, async ({ pipeline }) => pipeline.describe()),
    generate: (context, source, options, request) =>
      use(context, source, options, (model) => generate(context, model, request, options.previews)),
    fitPreview: (context, source, options) => use(context, source, options, ({ pipeline }) => pipeline.fitPreview()),
    decode: (context, source, options, tokens, steps) =>
      use(context, source, options, ({ pipeline }) => pipeline.decode(tokens, steps)),
    encode: (context, source, options, image) =>
      use(context, source, options, ({ pipeline }) => pipeline.encode(image)),
    alternatives: (context, source, options, request, place) =>
      use(context, source, options, ({ pipeline }) => pipeline.alternatives(request, place, context.signal)),
    trace: (context, source, options, job) =>
      use(context, source, options, ({ pipeline }) => runTraceJob(pipeline, job, context.signal)),
  };
}

interface OpenModel extends Pick<RunReport, 'loadMs' | 'precision'> {
  readonly pipeline: Pipeline;
  readonly provider: Provider;
}

/** Streams the pipeline's events; between them the event loop gets its turn, so that a cancel message is seen. */
async function generate(
  { emit, signal }: CallContext<PipelineEvent>,
  { pipeline, ...facts }: OpenModel,
  request: GenerationRequest,
  previews: EngineOptions['previews'],
): Promise<RunReport> {
  const start = performance.now();
  let firstPreviewMs = 0;
  let lastStepMs = 0;
  let imageMs = 0;
  for await (const event of pipeline.generate(request, { signal, previews })) {
    const now = performance.now() - start;
    if (event.type === 'image') imageMs = now;
    else lastStepMs = now;
    firstPreviewMs ||= now;
    emit(event);
    await nextTurn();
    throwIfCancelled(signal);
  }
  return {
    ...facts,
    firstPreviewMs,
    totalMs: performance.now() - start,
    decodeMs: imageMs - lastStepMs,
    peakRssBytes: peakRssBytes(),
  };
}

function peakRssBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
