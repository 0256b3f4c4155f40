/**
 * A batch put together: a plan, the studio that makes it, and where its pictures go.
 */
import type { BatchResult } from '../../app/batch/batch-event.ts';
import { DEFAULT_OUTPUT, type OutputOptions } from '../../app/batch/batch-options.ts';
import type { BatchPlan } from '../../app/batch/plan.ts';
import type { AskedOptions, Studio } from '../studio.ts';
import type { OnBatchEvent } from './batch-progress.ts';
import { type BatchEstimate, estimateBatch } from './estimate-batch.ts';
import { inspectPlace } from './journal.ts';
import { type PreparedBatch, prepareBatch } from './prepare-batch.ts';
import { runBatch } from './run-batch.ts';
import { type AssembleTeam, createTeams } from './share-machine.ts';
import { checkSheets, type SheetOptions, writeSheets } from './sheets.ts';
import { openStore } from './stores/open-store.ts';
import type { ResultStore } from './stores/result-store.ts';

export interface BatchOptions {
  /** A folder, which need not exist yet, or `s3://bucket/folder`. */
  readonly out: string;
  /** Id or folder of the model for entries that name none; the model that comes with Underpaint when left out. */
  readonly model?: string | undefined;
  /** As the models want it where it is left out. */
  readonly engine?: AskedOptions | undefined;
  /** PNG with its record, named by number, label and seed, when left out. */
  readonly output?: Partial<OutputOptions> | undefined;
  /** None when left out. */
  readonly sheets?: SheetOptions | undefined;
  /** How often a picture that failed is tried again; 2 when left out. */
  readonly retries?: number | undefined;
  /** Whether to go on in a place that holds another plan's pictures: the same ones stay, the others are replaced. */
  readonly acceptChanges?: boolean | undefined;
  /** `redis://…` of a queue, for workers on other machines to paint; this machine when left out. */
  readonly queue?: string | undefined;
  /** Whether people paint with the same engine meanwhile: they then wait for one picture at most. */
  readonly sharesEngine?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

const NO_SHEETS: SheetOptions = { contact: false, grid: undefined };
const RETRIES = 2;

export class Batch {
  /** All pictures of the plan, in its order. */
  readonly pictures: PreparedBatch['pictures'];
  readonly #studio: Studio;
  readonly #batch: PreparedBatch;
  readonly #store: ResultStore;
  readonly #options: BatchOptions;
  readonly #signal: AbortSignal;

  constructor(studio: Studio, batch: PreparedBatch, store: ResultStore, options: BatchOptions, signal: AbortSignal) {
    this.pictures = batch.pictures;
    this.#studio = studio;
    this.#batch = batch;
    this.#store = store;
    this.#options = options;
    this.#signal = signal;
  }

  /** How many pictures are there already. Throws what `run` would refuse. */
  async countDone(): Promise<number> {
    const { missing } = await inspectPlace(this.#store, this.#batch, this.#place());
    return this.pictures.length - missing.length;
  }

  /**
   * How long the pictures that are not there yet will take and how large they will be, from some that are made and thrown
   * away. Nothing is written. Throws what `run` would refuse.
   */
  async estimate(): Promise<BatchEstimate & { done: number; place: string; freeBytes: number | undefined }> {
    const { missing } = await inspectPlace(this.#store, this.#batch, this.#place());
    const estimate = await estimateBatch(this.#batch, missing, this.#teams(), this.#signal);
    const done = this.pictures.length - missing.length;
    return { ...estimate, done, place: this.#store.place, freeBytes: await this.#store.freeBytes() };
  }

  /**
   * Makes the pictures that are not there yet, then the sheets. May be stopped or killed at any point: the next call goes on.
   *
   * @returns what was made, and which pictures could not be
   * @throws StudioError cancelled when the signal is aborted; bad-request when the place holds other pictures; and what
   *   stops all of it, such as a full disk
   */
  async run(onEvent: OnBatchEvent = () => {}): Promise<BatchResult> {
    const { sheets = NO_SHEETS, retries = RETRIES, sharesEngine = false, queue } = this.#options;
    checkSheets(this.pictures, sheets);
    const common = { batch: this.#batch, store: this.#store, retries, ...this.#place(), onEvent, signal: this.#signal };
    const result =
      queue === undefined
        ? await runBatch({ ...common, assembleTeam: this.#teams(), sharesEngine })
        : await (await import('./queue/run-queued-batch.ts')).runQueuedBatch({ ...common, queue });
    const failed = new Set(result.failed.map(({ file }) => file));
    const made = this.pictures.filter(({ file }) => !failed.has(file));
    for (const file of await writeSheets(this.#store, made, sheets)) onEvent({ type: 'sheet', file });
    return result;
  }

  dispose(): void {
    this.#store.dispose();
  }

  #teams(): AssembleTeam {
    return createTeams(this.#studio, this.#options.sharesEngine ?? false);
  }

  #place(): { acceptChanges: boolean } {
    return { acceptChanges: this.#options.acceptChanges ?? false };
  }
}

/**
 * Checks a plan against its models and works out what is to be made.
 *
 * @throws StudioError as `prepareBatch` and `openStore`
 */
export async function openBatch(studio: Studio, plan: BatchPlan, options: BatchOptions): Promise<Batch> {
  const signal = options.signal ?? new AbortController().signal;
  const output = { ...DEFAULT_OUTPUT, ...options.output };
  const batch = await prepareBatch(
    studio,
    { plan, output, engine: options.engine ?? {}, model: options.model },
    signal,
  );
  return new Batch(studio, batch, await openStore(options.out), options, signal);
}
