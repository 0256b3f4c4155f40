/**
 * Makes the pictures of a batch on this machine.
 *
 * Each engine always has a next piece of work waiting, so that it never idles; pictures are encoded and written on other
 * threads meanwhile, a few at a time.
 */
import { cancelled, type ErrorCode, isCancelled, toStudioError } from '../../app/base/errors.ts';
import type { BatchResult } from '../../app/batch/batch-event.ts';
import { type Engine, generatePictures } from '../generate-pictures.ts';
import type { Picture } from '../jobs/write-picture.ts';
import { BatchProgress, type OnBatchEvent } from './batch-progress.ts';
import { openJournal } from './journal.ts';
import { type BatchPicture, groupByModel, type PreparedBatch } from './prepare-batch.ts';
import { Slots } from './slots.ts';
import type { ResultStore } from './stores/result-store.ts';
import { writeResult } from './write-result.ts';

export interface BatchRun {
  readonly batch: PreparedBatch;
  readonly store: ResultStore;
  /** Engine processes that work side by side. */
  readonly engines: readonly Engine[];
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

class Maker {
  readonly #run: BatchRun;
  readonly #progress: BatchProgress;
  readonly #waiting: Waiting[];
  readonly #writes = new Slots(WRITES);
  readonly #stop = new AbortController();
  #fatal: unknown;

  constructor(run: BatchRun, missing: readonly BatchPicture[]) {
    this.#run = run;
    this.#progress = new BatchProgress(run.onEvent, run.batch.pictures.length, missing.length);
    this.#waiting = groupByModel(missing)
      .flat()
      .map((picture) => ({ picture, alone: false, failures: 0 }));
  }

  async run(): Promise<BatchResult> {
    const { engines, signal } = this.#run;
    const stop = () => this.#stop.abort();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    const lanes = engines.flatMap((engine) => Array.from({ length: this.#pieces }, () => this.#lane(engine)));
    await Promise.all(lanes);
    await this.#writes.idle();
    signal.removeEventListener('abort', stop);
    if (this.#fatal !== undefined) throw this.#fatal;
    if (signal.aborted) throw cancelled();
    return this.#progress.result;
  }

  get #pieces(): number {
    return this.#run.sharesEngine ? 1 : PIECES_PER_ENGINE;
  }

  async #lane(engine: Engine): Promise<void> {
    for (let piece = this.#take(); piece.length > 0; piece = this.#take()) await this.#make(engine, piece);
  }

  /** The next pictures, all of one model; one that has failed comes alone, so that it takes no others with it. */
  #take(): Waiting[] {
    if (this.#stop.signal.aborted) return [];
    const [first] = this.#waiting;
    if (!first) return [];
    const share = Math.ceil(this.#waiting.length / (this.#run.engines.length * this.#pieces));
    const limit = first.alone || this.#run.sharesEngine ? 1 : Math.min(PIECE_SIZE, share);
    const fits = ({ picture, alone }: Waiting) => picture.model === first.picture.model && !alone;
    const end = this.#waiting.findIndex((waiting, at) => at === limit || (at > 0 && !fits(waiting)));
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : end);
  }

  async #make(engine: Engine, piece: readonly Waiting[]): Promise<void> {
    const [first] = piece as [Waiting];
    const made = new Set<number>();
    try {
      const requests = piece.map(({ picture }) => picture.request);
      await generatePictures(engine, first.picture.model, requests, {
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
