/**
 * An engine whose pictures are made at once, from their seeds; for tests of what comes before and after the engine.
 */
import { StudioError } from '../../../app/base/errors.ts';
import type { EngineApi, RunReport } from '../../../app/contracts/engine-api.ts';
import type { GenerationRequest, ModelDescription } from '../../../app/generation/request.ts';
import type { Engine } from '../../generate-pictures.ts';
import { type BatchModel, type BatchRequest, type PreparedBatch, prepareBatch } from '../prepare-batch.ts';

const SIDE = 8;

const DESCRIPTION: ModelDescription = {
  family: 'fake',
  title: 'A fake',
  width: SIDE,
  height: SIDE,
  labels: ['lake', 'desert'],
  classes: 2,
  tokensPerStep: [1, 1],
  words: false,
  controls: [],
  symbolsPerToken: 1,
  vocabulary: 256,
  capabilities: [],
  settings: [{ kind: 'number', id: 'cfg', name: 'Guidance', help: '', default: 2, min: 0, max: 10, step: 0.1 }],
};

const REPORT: RunReport = {
  provider: 'cpu',
  precision: 'fp32',
  loadMs: 0,
  firstPreviewMs: 0,
  totalMs: 0,
  decodeMs: 0,
  peakRssBytes: 0,
};

export interface FakeEngine extends Engine {
  /** Seeds of the pictures that were asked for, in order. */
  readonly asked: number[];
}

/** @param before a picture is made; what it throws is the engine's failure */
export function createFakeEngine(before: (request: GenerationRequest) => Promise<void> | void = () => {}): FakeEngine {
  const asked: number[] = [];
  const generateBatch = async (...[, [, , requests], options]: Parameters<typeof call<'generateBatch'>>) => {
    for (const [picture, request] of requests.entries()) {
      asked.push(request.seed);
      await before(request);
      if (options?.signal?.aborted) throw new StudioError('cancelled', 'Stopped.');
      const data = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, at) => (request.seed * 31 + at) % 256);
      const tokens = Int32Array.of(request.seed % 256, request.label ?? 2);
      const event = { type: 'image', image: { width: SIDE, height: SIDE, data }, tokens } as const;
      await options?.onEvent?.({ picture, event, report: REPORT });
    }
    return null;
  };
  const call = async <M extends keyof EngineApi & string>(
    method: M,
    args: EngineApi[M]['args'],
    options?: Parameters<Engine['call']>[2],
  ): Promise<EngineApi[M]['result']> => {
    if (method !== 'generateBatch') throw new Error(`A fake engine cannot ${method}.`);
    const result: unknown = await generateBatch('generateBatch', args as EngineApi['generateBatch']['args'], options);
    return result as EngineApi[M]['result'];
  };
  return { asked, call };
}

/** A batch of fake pictures. */
export function prepareFakeBatch(request: BatchRequest): Promise<PreparedBatch> {
  const model: Omit<BatchModel, 'hash'> = {
    model: {
      card: { id: 'fake', name: 'A fake', family: 'fake' },
      folder: '/fake',
      source: { id: 'fake', files: [], labels: [], defaults: {}, preview: undefined },
    },
    options: { provider: 'cpu', precision: 'fp32', previews: 'linear' },
    description: DESCRIPTION,
    files: [],
  };
  return prepareBatch({ ready: async () => model }, request);
}
