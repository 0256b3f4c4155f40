/**
 * The queue of pictures to make: one runs, or several that differ in nothing but their seeds, and the others wait. Every
 * change is told to whoever watches and written to the log, so that a crash loses no more than the step in progress.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Disposable } from '../../app/base/disposable.ts';
import { isCancelled, StudioError, serializeError } from '../../app/base/errors.ts';
import { Emitter } from '../../app/base/events.ts';
import { newId } from '../../app/base/ids.ts';
import type { PipelineEvent, PreviewEvent, RgbImage, StepEvent } from '../../app/generation/pipeline-event.ts';
import type { GenerationRequest } from '../../app/generation/request.ts';
import { isSettled, type Job, type JobArea, type JobOrigin, type QueueEvent } from '../../app/jobs/job.ts';
import { TimeLeft } from '../../app/jobs/time-left.ts';

export interface MadeByJob {
  readonly image: RgbImage;
  readonly tokens: Int32Array;
}

/**
 * Makes a job's picture: it goes on from the steps whose tokens are there. Stops at the next step when the signal is aborted.
 * Jobs that differ in nothing but their seeds are started at about the same time, and can be made together.
 */
export type RunJob = (
  job: Pick<Job, 'request' | 'origin' | 'area' | 'tokens'>,
  onEvent: (event: PipelineEvent) => void,
  signal: AbortSignal,
) => Promise<MadeByJob & { keep(previews: readonly RgbImage[]): Promise<string> }>;

/** Where the queue is kept between runs of the program. */
export interface QueueLog {
  save(jobs: readonly Job[]): void;
  flush(): Promise<void>;
}

/** Settled jobs that stay in the list. */
const SETTLED_KEPT = 50;
/** Pictures that run together: as many as a person looks at together, few enough to be there soon. */
const MOST_TOGETHER = 8;

export class JobQueue implements Disposable {
  readonly #run: RunJob;
  readonly #log: QueueLog;
  readonly #events = new Emitter<QueueEvent>();
  #jobs: readonly Job[];
  #paused = false;
  /** By the ids of their jobs. */
  readonly #running = new Map<string, AbortController>();

  /** @param restored the log of the last run: what was not done then is paused and can go on */
  constructor(run: RunJob, log: QueueLog, restored: readonly Job[]) {
    this.#run = run;
    this.#log = log;
    this.#jobs = restored.map((job) => (isSettled(job) ? job : { ...job, state: 'paused', leftMs: null }));
  }

  /** Tells the state now, and everything from now on. */
  watch(listener: (event: QueueEvent) => void): Disposable {
    listener(this.#snapshot());
    return this.#events.on(listener);
  }

  /** Puts a job at the end, or, for live painting, in place of the painting's older live jobs. */
  add(request: GenerationRequest, origin: JobOrigin, title: string, area?: JobArea): string {
    if (origin.live) this.#makeWay(origin.painting);
    const progress = { step: 0, steps: 0, progress: 0, leftMs: null, error: null, tokens: new Int32Array(0) };
    const job: Job = { id: newId(), state: 'waiting', request, origin, area, title, ...progress };
    this.#jobs = origin.live ? [job, ...this.#jobs] : [...this.#jobs, job];
    this.#changed();
    return job.id;
  }

  /** Stops a job for good, or takes it out of the queue. */
  cancel(id: string): void {
    const job = this.#find(id);
    if (isSettled(job)) return;
    this.#stop(id);
    this.#update(id, { state: 'cancelled', leftMs: null });
  }

  /** Stops a job after the step in progress; `resume` goes on from there. */
  pause(id: string): void {
    const { state } = this.#find(id);
    if (state !== 'waiting' && state !== 'running') return;
    this.#stop(id);
    this.#update(id, { state: 'paused', leftMs: null });
  }

  /** A paused job waits again; a failed or cancelled one starts over. */
  resume(id: string): void {
    const job = this.#find(id);
    if (job.state === 'paused') this.#update(id, { state: 'waiting' });
    else if (job.state === 'failed' || job.state === 'cancelled') {
      const fresh = { step: 0, progress: 0, error: null, tokens: new Int32Array(0) };
      this.#update(id, { state: 'waiting', ...fresh });
    }
  }

  /** Changes a job that has not begun. */
  edit(id: string, request: GenerationRequest, title: string): void {
    const job = this.#find(id);
    if (job.state !== 'waiting' || job.step > 0) {
      throw new StudioError('bad-request', 'Only a picture that has not begun can be changed.', {
        hint: 'Cancel it, and ask for it again.',
      });
    }
    this.#update(id, { request: withUntold(request, job.request), title });
  }

  /** Moves a job to a place in the list. */
  move(id: string, to: number): void {
    const job = this.#find(id);
    const others = this.#jobs.filter((other) => other !== job);
    this.#jobs = others.toSpliced(Math.min(to, others.length), 0, job);
    this.#changed();
  }

  /** Takes a settled job off the list. */
  remove(id: string): void {
    this.cancel(id);
    this.#jobs = this.#jobs.filter((job) => job.id !== id);
    this.#changed();
  }

  /** The window that asked for a job is gone: a live one ends, another one is paused. */
  release(id: string): void {
    const job = this.#jobs.find((other) => other.id === id);
    if (job?.origin.live) this.remove(id);
    else if (job) this.pause(id);
  }

  /** A paused queue finishes what runs and starts nothing. */
  setPaused(paused: boolean): void {
    this.#paused = paused;
    this.#changed();
  }

  /** Stops the running job; it can go on when the program runs again. */
  async close(): Promise<void> {
    this.#paused = true;
    for (const id of this.#running.keys()) this.pause(id);
    await this.#log.flush();
  }

  dispose(): void {
    this.#paused = true;
    for (const abort of this.#running.values()) abort.abort();
  }

  #find(id: string): Job {
    const job = this.#jobs.find((other) => other.id === id);
    if (job) return job;
    throw new StudioError('bad-request', 'This picture is not in the queue any more.');
  }

  #update(id: string, changes: Partial<Job>): void {
    this.#jobs = this.#jobs.map((job) => (job.id === id ? { ...job, ...changes } : job));
    this.#changed();
  }

  #changed(): void {
    const settled = this.#jobs.filter(isSettled);
    const surplus = new Set(settled.slice(0, Math.max(0, settled.length - SETTLED_KEPT)));
    this.#jobs = this.#jobs.filter((job) => !surplus.has(job));
    this.#log.save(this.#jobs.filter(({ origin }) => !origin.live));
    this.#events.fire(this.#snapshot());
    this.#startNext();
  }

  #snapshot(): QueueEvent {
    return { type: 'jobs', jobs: this.#jobs.map(outline), queuePaused: this.#paused };
  }

  #stop(id: string): void {
    this.#running.get(id)?.abort();
  }

  /** For a live job: older ones of its painting go, and of several pictures that run together none is waited for. */
  #makeWay(painting: string): void {
    const older = this.#jobs.filter(({ origin }) => origin.live && origin.painting === painting);
    for (const { id } of older) this.#stop(id);
    this.#jobs = this.#jobs.filter((job) => !older.includes(job));
    if (this.#running.size === 1) return;
    for (const id of this.#running.keys()) {
      this.#stop(id);
      this.#jobs = this.#jobs.map((job) => (job.id === id && !isSettled(job) ? waitingAgain(job) : job));
    }
  }

  #startNext(): void {
    const starting = this.#nextTogether();
    if (starting.length === 0) return;
    for (const { id } of starting) this.#running.set(id, new AbortController());
    for (const job of starting) {
      void this.#work(job).finally(() => {
        this.#running.delete(job.id);
        this.#startNext();
      });
    }
    this.#jobs = this.#jobs.map((job) => (starting.includes(job) ? { ...job, state: 'running' } : job));
    this.#changed();
  }

  /** The next job with those that go with it, or what goes with jobs that have done no step yet. */
  #nextTogether(): readonly Job[] {
    const running = this.#jobs.filter(({ id }) => this.#running.has(id));
    const isFree = this.#running.size === 0;
    const waiting = this.#jobs.filter(({ state, origin }) => state === 'waiting' && (origin.live || !this.#paused));
    const first = isFree ? waiting[0] : running[0];
    if (!first || running.some(({ state, step }) => state !== 'running' || step > 0)) return [];
    const others = waiting.filter((job) => job !== first && goTogether(job, first));
    return (isFree ? [first, ...others] : others).slice(0, MOST_TOGETHER - this.#running.size);
  }

  async #work(job: Job): Promise<void> {
    const { signal } = this.#running.get(job.id) as AbortController;
    const steps: StepEvent[] = [];
    const timeLeft = new TimeLeft();
    const onEvent = (event: PipelineEvent) => {
      if (event.type === 'image' || signal.aborted) return;
      if (event.type === 'step') steps.push(event);
      this.#tell(job, event, steps, timeLeft.update(event.progress, performance.now()) ?? null);
    };
    try {
      const made = await this.#run(job, onEvent, signal);
      if (signal.aborted) return;
      const previews = steps.map(({ preview }) => preview);
      const picture = job.origin.live ? null : await made.keep(previews);
      const entropy = Float32Array.from(steps.flatMap((step) => [...step.entropy]));
      const { id, origin, request, area } = job;
      const { image, tokens } = made;
      this.#events.fire({
        type: 'finished',
        picture: { job: id, picture, request, origin, plan: area?.plan, image, tokens, entropy, previews },
      });
      if (origin.live) this.#jobs = this.#jobs.filter((other) => other.id !== id);
      this.#update(id, { state: 'done', progress: 1, leftMs: null });
    } catch (error) {
      if (signal.aborted || isCancelled(error)) return;
      this.#update(job.id, { state: 'failed', leftMs: null, error: serializeError(error) });
    }
  }

  #tell(job: Job, event: StepEvent | PreviewEvent, steps: readonly StepEvent[], leftMs: number | null): void {
    const { step, steps: count, progress, preview } = event;
    const place = { step, steps: count, progress, leftMs };
    this.#events.fire({ type: 'frame', frame: { job: job.id, origin: job.origin, ...place, preview } });
    if (event.type === 'preview') return;
    const tokens = Int32Array.from(steps.flatMap((done) => [...done.tokens]));
    this.#update(job.id, { ...place, step: step + 1, tokens });
  }
}

/** Whether two jobs ask for the same but for their seeds. */
function goTogether(a: Job, b: Job): boolean {
  const [left, right] = [a, b].map(({ request: { seed, ...rest } }) => rest);
  const alone = [a, b].some(({ origin, area }) => origin.live || area);
  return !alone && isDeepStrictEqual(left, right);
}

function waitingAgain(job: Job): Job {
  return { ...job, state: 'waiting', leftMs: null };
}

/** A job as windows are told of it, all of them at every step: without the arrays that only the queue needs. */
function outline(job: Job): Job {
  const { kept, control, ...request } = job.request;
  return { ...job, request, tokens: NO_TOKENS };
}

/** A changed request with what windows are not told of, as far as it is for the same model. */
function withUntold(request: GenerationRequest, { model, kept, control }: GenerationRequest): GenerationRequest {
  if (request.model !== model) return request;
  return { ...request, kept: request.kept ?? kept, control: request.control ?? control };
}

const NO_TOKENS = new Int32Array(0);
