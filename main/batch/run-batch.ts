/**
 * Makes the pictures of a batch on this machine.
 *
 * Model by model, several engines work side by side. Each always has a next piece of work waiting, so that it never idles;
 * pictures are encoded and written on other threads meanwhile, a few at a time.
 */

import { cancelled, type ErrorCode, isCancelled, toStudioError } from '../../app/base/errors.ts';
import type { BatchResult } from '../../app/batch/batch-event.ts';
import { generatePictures } from '../generate-pictures.ts';
import type { Picture } from '../jobs/write-picture.ts';
import { BatchProgress, type OnBatchEvent } from './batch-progress.ts';
import { completeRequest } from './control-of-picture.ts';
import { openJournal } from './journal.ts';
import { type BatchPicture, groupByModel, type PreparedBatch } from './prepare-batch.ts';
import type { AssembleTeam, Team } from './share-machine.ts';
import { Slots } from './slots.ts';
import type { ResultStore } from './stores/result-store.ts';
import { writeResult } from './write-result.ts';

export interface BatchRun {
  readonly batch: PreparedBatch;
  readonly store: ResultStore;
  readonly assembleTeam: AssembleTeam;
  /** Whether people paint with the engines meanwhile: they then wait for one picture at most. */
  readonly sharesEngine: boolean;
  /** How often a picture that failed is tried again. */
  readonly retries: number;
  /** See `JournalOptions`. */
  readonly acceptChanges: boolean;
  readonly onEvent: OnBatchEvent;
  readonly signal: AbortSignal;
}

/** Pieces of work that an engine has at a time: the one that it does, and the next one. */
const PIECES_PER_ENGINE = 2;
/** Pictures of a piece: enough to be run together, few enough to be told of soon. */
const PIECE_SIZE = 16;
/** Pictures that are encoded and written at a time. */
const WRITES = 4;
/** What no other picture would be spared. */
const FATAL: readonly ErrorCode[] = [
  'cancelled',
  'disk-full',
  'unwritable',
  'unreachable',
  'missing-file',
  'not-a-model',
  'corrupt-checkpoint',
  'provider-unavailable',
];

/**
 * Makes what is not there yet. May be killed at any point: the next call goes on.
 *
 * @returns what was made, and which pictures could not be
 * @throws StudioError what `openJournal` throws; cancelled; and what stops all of it, such as a full disk
 */
export async function runBatch(run: BatchRun): Promise<BatchResult> {
  const { batch, store } = run;
  const unlock = await store.lock();
  try {
    await store.sweep(batch.pictures.map(({ file }) => file));
    const missing = await openJournal(store, batch, run);
    return await new Maker(run, missing).run();
  } finally {
    await unlock();
  }
}

interface Waiting {
  readonly picture: BatchPicture;
  /** Whether it is made by itself: it has failed, or was among several of which one has. */
  readonly alone: boolean;
  /** How often it has failed by itself. */
  readonly failures: number;
}

/** One of the works that are given out at the same time. */
interface Lane extends Pick<Team, 'model'> {
  readonly engine: Team['engines'][number];
  /** How many there are. */
  readonly lanes: number;
}

class Maker {
  readonly #run: BatchRun;
  readonly #progress: BatchProgress;
  readonly #missing: readonly BatchPicture[];
  readonly #writes = new Slots(WRITES);
  /** Of the model that is being worked at. */
  #waiting: Waiting[] = [];
  readonly #stop = new AbortController();
  #fatal: unknown;

  constructor(run: BatchRun, missing: readonly BatchPicture[]) {
    this.#run = run;
    this.#progress = new BatchProgress(run.onEvent, run.batch.pictures.length, missing.length);
    this.#missing = missing;
  }

  async run(): Promise<BatchResult> {
    const { signal } = this.#run;
    const stop = () => this.#stop.abort();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      for (const pictures of groupByModel(this.#missing)) await this.#makeAll(pictures);
    } finally {
      await this.#writes.idle();
      signal.removeEventListener('abort', stop);
    }
    if (this.#fatal !== undefined) throw this.#fatal;
    if (signal.aborted) throw cancelled();
    return this.#progress.result;
  }

  /** @param pictures of one model */
  async #makeAll(pictures: readonly [BatchPicture, ...BatchPicture[]]): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#waiting = pictures.map((picture) => ({ picture, alone: false, failures: 0 }));
    const team = await this.#run.assembleTeam(pictures[0].model, pictures.length);
    const pieces = this.#run.sharesEngine ? 1 : PIECES_PER_ENGINE;
    const lanes = team.engines.flatMap((engine) => new Array(pieces).fill(engine));
    await Promise.all(lanes.map((engine) => this.#lane({ ...team, engine, lanes: lanes.length })));
  }

  async #lane(lane: Lane): Promise<void> {
    for (let piece = this.#take(lane); piece.length > 0; piece = this.#take(lane)) await this.#make(lane, piece);
  }

  /** The next pictures; one that has failed comes alone, so that it takes no others with it. */
  #take({ lanes }: Lane): Waiting[] {
    if (this.#stop.signal.aborted) return [];
    const [first] = this.#waiting;
    if (!first) return [];
    const share = Math.ceil(this.#waiting.length / lanes);
    const limit = first.alone || this.#run.sharesEngine ? 1 : Math.min(PIECE_SIZE, share);
    const end = this.#waiting.findIndex(({ alone }, at) => at === limit || (at > 0 && alone));
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : end);
  }

  async #make({ engine, model }: Lane, piece: readonly Waiting[]): Promise<void> {
    const made = new Set<number>();
    try {
      const requests = await Promise.all(piece.map(({ picture }) => completeRequest(picture)));
      await generatePictures(engine, model, requests, {
        signal: this.#stop.signal,
        onPicture: async (index, picture) => {
          made.add(index);
          await this.#writes.run(() => this.#write(piece[index] as Waiting, picture));
        },
      });
    } catch (error) {
      for (const [index, waiting] of piece.entries()) if (!made.has(index)) this.#failed(waiting, error, piece.length);
    }
  }

  async #write(waiting: Waiting, made: Picture): Promise<void> {
    const { picture } = waiting;
    try {
      this.#progress.made(picture, await writeResult(this.#run.store, picture.file, made, this.#run.batch.output));
    } catch (error) {
      this.#failed(waiting, error, 1);
    }
  }

  /** @param together how many pictures were in the piece: of several, nobody knows whose failure it is */
  #failed({ picture, failures }: Waiting, error: unknown, together: number): void {
    if (this.#stop.signal.aborted && isCancelled(error)) return;
    const { code } = toStudioError(error);
    if (FATAL.includes(code)) {
      this.#fatal ??= error;
      this.#stop.abort();
    } else if (together > 1) {
      this.#waiting.push({ picture, alone: true, failures });
    } else if (failures < this.#run.retries) {
      this.#progress.retry(picture, error);
      this.#waiting.push({ picture, alone: true, failures: failures + 1 });
    } else this.#progress.failed(picture, error);
  }
}
