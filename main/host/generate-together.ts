/**
 * Pictures that are asked for one by one within a moment, made as a batch. Each can be stopped by itself: the others go on from
 * the steps that they have.
 */
import { cancelled } from '../../app/base/errors.ts';
import type { PipelineEvent } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest, KeptTokens, ModelDescription } from '../../app/generation/request.ts';
import { stepTokens } from '../../app/generation/step-tokens.ts';
import type { MadePicture } from '../generate-pictures.ts';
import type { AskedOptions, Studio } from '../studio.ts';

export interface Asking {
  readonly request: GenerationRequest;
  /** Symbols of the steps that are done already. */
  readonly done: Int32Array;
  /** Whether it is not to wait for others. */
  readonly alone: boolean;
  /** Told of every step once. */
  readonly onEvent: (event: PipelineEvent) => void;
  readonly signal: AbortSignal;
}

type BatchStudio = Pick<Studio, 'models' | 'describe' | 'generateBatch'>;

export type GenerateOne = (asking: Asking) => Promise<MadePicture>;

/** How long others are waited for, in milliseconds: a window asks for several pictures one after the other. */
const MOMENT_MS = 20;

/** What is asked for within a moment must be of one model. Fails as `Studio.generateBatch`. */
export function createTogether(studio: BatchStudio, options: AskedOptions): GenerateOne {
  let gathered: Asked[] = [];
  const start = () => {
    const all = gathered;
    gathered = [];
    void makeAll(studio, options, all);
  };
  return (asking) =>
    new Promise((resolve, reject) => {
      const asked = new Asked(asking, resolve, reject);
      if (asking.alone) {
        void makeAll(studio, options, [asked]);
        return;
      }
      if (gathered.length === 0) setTimeout(start, MOMENT_MS);
      gathered.push(asked);
    });
}

/** When something goes wrong with several pictures, each is made alone, so that only the one to blame fails. */
async function makeAll(studio: BatchStudio, options: AskedOptions, all: readonly Asked[]): Promise<void> {
  let left = all.filter((asked) => asked.isOpen());
  while (left.length > 0) {
    const stop = new AbortController();
    const end = () => stop.abort();
    for (const { signal } of left) signal.addEventListener('abort', end, { once: true });
    try {
      await makeTogether(studio, options, left, stop.signal);
    } catch (error) {
      const [only, ...others] = left;
      if (!stop.signal.aborted && others.length === 0) only?.fail(error);
      else if (!stop.signal.aborted) for (const asked of left) await makeAll(studio, options, [asked]);
    } finally {
      for (const { signal } of left) signal.removeEventListener('abort', end);
    }
    left = left.filter((asked) => asked.isOpen());
  }
}

async function makeTogether(
  studio: BatchStudio,
  options: AskedOptions,
  all: readonly Asked[],
  signal: AbortSignal,
): Promise<void> {
  const [{ request }] = all as [Asked];
  const description = await studio.describe(await studio.models.find(request.model), options, signal);
  const requests = all.map((asked) => asked.requestFrom(description));
  await studio.generateBatch(requests, options, {
    signal,
    onEvent: (picture, event) => all[picture]?.tell(event),
    onPicture: (picture, made) => all[picture]?.succeed(made),
  });
}

class Asked {
  readonly request: GenerationRequest;
  readonly signal: AbortSignal;
  readonly #onEvent: Asking['onEvent'];
  readonly #resolve: (made: MadePicture) => void;
  readonly #reject: (error: unknown) => void;
  readonly #done: Int32Array;
  /** Tokens of the steps that were told of. */
  readonly #steps: Int32Array[] = [];
  #told = 0;
  #isSettled = false;

  constructor(
    { request, done, onEvent, signal }: Asking,
    resolve: (made: MadePicture) => void,
    reject: (error: unknown) => void,
  ) {
    this.request = request;
    this.signal = signal;
    this.#onEvent = onEvent;
    this.#done = done;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Whether it is still to be made; fails when it was stopped. */
  isOpen(): boolean {
    if (this.signal.aborted) this.fail(cancelled());
    return !this.#isSettled;
  }

  requestFrom(description: ModelDescription): GenerationRequest {
    const steps = joined(this.#steps);
    return resumed(this.request, steps.length > this.#done.length ? steps : this.#done, description);
  }

  /** A picture that goes on tells again of the steps that it has. */
  tell(event: PipelineEvent): void {
    if (event.type !== 'image' && event.step < this.#told) return;
    if (event.type === 'step') {
      this.#steps.push(event.tokens);
      this.#told = event.step + 1;
    }
    this.#onEvent(event);
  }

  succeed(made: MadePicture): void {
    this.#isSettled = true;
    this.#resolve(made);
  }

  fail(error: unknown): void {
    this.#isSettled = true;
    this.#reject(error);
  }
}

/** The request with the steps that are done taken over; what it took over anyway stays. */
export function resumed(
  request: GenerationRequest,
  done: Int32Array,
  model: Pick<ModelDescription, 'tokensPerStep' | 'sizes' | 'shapes' | 'symbolsPerToken'>,
): GenerationRequest {
  if (done.length === 0) return request;
  const { symbolsPerToken } = model;
  const count = stepTokens(model, request).reduce((sum, step) => sum + step, 0);
  const kept: KeptTokens = { tokens: new Int32Array(count * symbolsPerToken), mask: new Uint8Array(count) };
  if (request.kept) {
    kept.tokens.set(request.kept.tokens);
    kept.mask.set(request.kept.mask);
  }
  kept.tokens.set(done);
  kept.mask.fill(1, 0, done.length / symbolsPerToken);
  return { ...request, kept };
}

function joined(parts: readonly Int32Array[]): Int32Array {
  return Int32Array.from(parts.flatMap((part) => [...part]));
}
