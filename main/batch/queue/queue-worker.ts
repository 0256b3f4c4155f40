/**
 * Paints the pictures of batches that others have queued.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Worker } from 'bullmq';
import { StudioError, toStudioError } from '../../../app/base/errors.ts';
import { APP_VERSION } from '../../paths.ts';
import type { Studio } from '../../studio.ts';
import { hashModel } from '../model-hash.ts';
import type { ResultStore } from '../stores/result-store.ts';
import { writeResult } from '../write-result.ts';
import { jobFailure } from './job-failure.ts';
import { PictureGatherer } from './picture-gatherer.ts';
import {
  type PictureAnswer,
  parsePictureJob,
  type QueuedModel,
  type QueueNote,
  queueName,
  readNote,
} from './queue-note.ts';
import type { RedisQueue } from './redis-queue.ts';

/** What a worker tells. */
export type WorkerEvent =
  /** Nothing is queued for its folder. */
  | { readonly type: 'idle'; readonly place: string }
  | { readonly type: 'serving'; readonly model: string }
  | { readonly type: 'picture'; readonly file: string; readonly bytes: number }
  | { readonly type: 'failed'; readonly file: string; readonly message: string }
  /** In words: what it does not do, and why. */
  | { readonly type: 'warning'; readonly message: string };

export interface WorkerRun {
  readonly studio: Studio;
  readonly store: ResultStore;
  readonly redis: RedisQueue;
  /** After so many milliseconds without a sign of life, a worker's pictures are given to others. */
  readonly leaseMs: number;
  readonly onEvent: (event: WorkerEvent) => void;
  readonly signal: AbortSignal;
}

/** How often the folder is looked at for another batch. */
const LOOK_MS = 1000;
/** Pictures that a worker has at a time: enough to be run together, few enough to be lost with it. */
const PICTURES = 4;
/** How many workers may die of the same picture before it is given up. */
const MAX_DEATHS = 5;

/** Works until the signal is aborted; finishes what it has begun then. */
export async function runWorker(run: WorkerRun): Promise<void> {
  let serving: Serving | undefined;
  let first = true;
  while (!run.signal.aborted) {
    const note = await readNote(run.store);
    if (first || note?.id !== serving?.id) {
      await serving?.close();
      serving = note && new Serving(run, note);
      if (serving) await serving.open();
      else run.onEvent({ type: 'idle', place: run.store.place });
      first = false;
    }
    await delay(LOOK_MS, undefined, { signal: run.signal }).catch(() => {});
  }
  await serving?.close();
}

/** One batch. */
class Serving {
  readonly #run: WorkerRun;
  readonly #note: QueueNote;
  readonly #workers: Worker[] = [];
  #away = false;

  constructor(run: WorkerRun, note: QueueNote) {
    this.#run = run;
    this.#note = note;
  }

  get id(): string {
    return this.#note.id;
  }

  /** Begins with the models that are here; what is refused is said. */
  async open(): Promise<void> {
    const { app, models } = this.#note;
    if (app !== APP_VERSION) {
      this.#warn(
        `The batch was begun with Underpaint ${app}, and this is ${APP_VERSION}: its pictures could differ. Install the same version.`,
      );
      return;
    }
    for (const model of models) {
      try {
        await this.#serve(model);
        this.#run.onEvent({ type: 'serving', model: model.name });
      } catch (error) {
        const { message, hint } = toStudioError(error);
        this.#warn(hint ? `${message} ${hint}` : message);
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }

  async #serve(model: QueuedModel): Promise<void> {
    const { studio, store, redis, leaseMs, onEvent } = this.#run;
    const { output } = this.#note;
    const folder = await this.#findModel(model);
    const ready = await studio.ready(folder, model.options);
    // Not the run's signal: what was begun is finished.
    const gatherer = new PictureGatherer(studio.engine, ready, new AbortController().signal);
    const paint = async (data: unknown): Promise<PictureAnswer> => {
      const { file, ...request } = parsePictureJob(data, 'job');
      // Its worker may have died after the picture was there.
      if ((await store.existing([file])).has(file)) return { bytes: (await store.read(file))?.length ?? 0 };
      const picture = await gatherer.make({ model: folder, ...request });
      const bytes = await writeResult(store, file, picture, output);
      onEvent({ type: 'picture', file, bytes });
      return { bytes };
    };
    const worker = new redis.bull.Worker(
      queueName(this.id, model),
      async ({ data, name }) => {
        try {
          return await paint(data);
        } catch (error) {
          onEvent({ type: 'failed', file: name, message: toStudioError(error).message });
          throw jobFailure(error);
        }
      },
      {
        connection: redis.connection,
        concurrency: PICTURES,
        lockDuration: leaseMs,
        stalledInterval: leaseMs / 2,
        maxStalledCount: MAX_DEATHS,
      },
    );
    worker.on('error', () => this.#setAway(true));
    worker.on('ready', () => this.#setAway(false));
    this.#workers.push(worker);
  }

  /** The model of the same contents, whatever it is called here. */
  async #findModel({ hash, id, name }: QueuedModel): Promise<string> {
    const { models } = this.#run.studio;
    const entries = (await models.list()).filter(({ problem }) => problem === undefined);
    const namesakes = entries.filter((entry) => entry.id === id);
    for (const { folder } of [...namesakes, ...entries.filter((entry) => entry.id !== id)]) {
      const model = await models.find(folder);
      if ((await hashModel(model.source.files)) === hash) return model.folder;
    }
    throw new StudioError(
      'unknown-model',
      namesakes.length > 0
        ? `The model ${id} of this machine has other contents than that of the batch (${hash.slice(0, 12)}).`
        : `The model ${name} (${id}, contents ${hash.slice(0, 12)}) is not on this machine.`,
      { hint: 'Its pictures are left to other workers. Import the same files: underpaint models import' },
    );
  }

  #setAway(away: boolean): void {
    if (away && !this.#away) this.#warn('Redis does not answer; work goes on when it is back.');
    this.#away = away;
  }

  #warn(message: string): void {
    this.#run.onEvent({ type: 'warning', message });
  }
}
