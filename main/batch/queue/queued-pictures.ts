/**
 * The pictures of one model while they are in its queue.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Job, Queue, QueueEvents } from 'bullmq';
import type { BatchProgress } from '../batch-progress.ts';
import type { BatchPicture } from '../prepare-batch.ts';
import { parseFailure } from './job-failure.ts';
import { type PictureJob, parsePictureAnswer, type QueuedModel, type QueueNote, queueName } from './queue-note.ts';
import type { RedisQueue } from './redis-queue.ts';

export interface QueuedPicturesOptions {
  readonly progress: BatchProgress;
  readonly retries: number;
  readonly signal: AbortSignal;
}

/** Jobs that are added or asked about in one go. */
const CHUNK = 500;
/** Wait before a picture is tried again. */
const BACKOFF_MS = 1000;
/** How often it is looked whether somebody works, and whether an event was missed. */
const CHECK_MS = 3000;

export class QueuedPictures {
  readonly #options: QueuedPicturesOptions;
  readonly #model: QueuedModel;
  readonly #queue: Queue;
  readonly #events: QueueEvents;
  /** By job id. */
  readonly #left: Map<string, BatchPicture>;
  readonly #settled = new AbortController();
  #warned: 'away' | 'nobody' | undefined;
  #lastEvent = performance.now();

  constructor(
    { bull, connection }: RedisQueue,
    note: QueueNote,
    pictures: readonly [BatchPicture, ...BatchPicture[]],
    options: QueuedPicturesOptions,
  ) {
    const { hash } = pictures[0].model;
    this.#options = options;
    this.#model = note.models.find((model) => model.hash === hash) as QueuedModel;
    this.#left = new Map(pictures.map((picture) => [`picture-${picture.index}`, picture]));
    const name = queueName(note.id, this.#model);
    this.#queue = new bull.Queue(name, { connection });
    this.#events = new bull.QueueEvents(name, { connection });
    this.#queue.on('error', () => this.#warn('away'));
    this.#events.on('error', () => this.#warn('away'));
  }

  /** Queues the pictures; settles when all are made or given up, or the signal is aborted. */
  async run(): Promise<void> {
    this.#events.on('completed', ({ jobId, returnvalue }) => this.#completed(jobId, returnvalue));
    this.#events.on('failed', ({ jobId, failedReason }) => this.#failed(jobId, failedReason));
    await this.#events.waitUntilReady();
    await this.#addAll();
    const { signal } = this.#options;
    const wait = AbortSignal.any([signal, this.#settled.signal]);
    while (!wait.aborted) {
      await delay(CHECK_MS, undefined, { signal: wait }).catch(() => {});
      if (!wait.aborted) await this.#check().catch(() => this.#warn('away'));
    }
    if (signal.aborted) await this.#queue.drain(true);
  }

  async close(): Promise<void> {
    await Promise.all([this.#queue.close(), this.#events.close()]);
  }

  /** A job that is there from a call before stays, unless it has ended without its picture being there. */
  async #addAll(): Promise<void> {
    const attempts = this.#options.retries + 1;
    const backoff = { type: 'fixed', delay: BACKOFF_MS } as const;
    for (const ids of chunks([...this.#left.keys()])) {
      const jobs = await Promise.all(ids.map((id) => this.#queue.getJob(id)));
      await Promise.all(jobs.map(async (job) => job?.finishedOn !== undefined && (await job.remove())));
      const added = ids.map((jobId) => {
        const { request, file } = this.#left.get(jobId) as BatchPicture;
        const { label, prompt, seed, settings } = request;
        const data: PictureJob = { label, prompt, seed, settings, file };
        return { name: file, data, opts: { jobId, attempts, backoff } };
      });
      await this.#queue.addBulk(added);
    }
  }

  async #check(): Promise<void> {
    const workers = await this.#queue.getWorkersCount();
    if (workers === 0) this.#warn('nobody');
    else this.#warned = undefined;
    if (performance.now() - this.#lastEvent < CHECK_MS) return;
    for (const ids of chunks([...this.#left.keys()])) {
      for (const job of await Promise.all(ids.map((id) => this.#queue.getJob(id)))) if (job) this.#settle(job);
    }
  }

  #settle({ id = '', finishedOn, returnvalue, failedReason }: Job): void {
    if (finishedOn === undefined) return;
    if (failedReason) this.#failed(id, failedReason);
    else this.#completed(id, returnvalue);
  }

  #completed(id: string, answer: unknown): void {
    const picture = this.#take(id);
    if (picture) this.#options.progress.made(picture, readBytes(answer));
    this.#endIfDone();
  }

  #failed(id: string, reason: string): void {
    const picture = this.#take(id);
    if (picture) this.#options.progress.failed(picture, parseFailure(reason));
    this.#endIfDone();
  }

  #take(id: string): BatchPicture | undefined {
    this.#lastEvent = performance.now();
    const picture = this.#left.get(id);
    this.#left.delete(id);
    return picture;
  }

  #endIfDone(): void {
    if (this.#left.size === 0) this.#settled.abort();
  }

  /** Once, until it is over. */
  #warn(why: 'away' | 'nobody'): void {
    if (this.#warned === why || this.#settled.signal.aborted) return;
    this.#warned = why;
    const { name, id, hash } = this.#model;
    this.#options.progress.warn(
      why === 'away'
        ? 'Redis does not answer; the batch goes on when it is back.'
        : `No worker with the model ${name} (${id}, contents ${hash.slice(0, 12)}) is at work. Start "underpaint worker".`,
    );
  }
}

function readBytes(answer: unknown): number {
  try {
    return parsePictureAnswer(typeof answer === 'string' ? JSON.parse(answer) : answer, 'answer').bytes;
  } catch {
    return 0;
  }
}

function* chunks(ids: readonly string[]): Generator<readonly string[]> {
  for (let start = 0; start < ids.length; start += CHUNK) yield ids.slice(start, start + CHUNK);
}
