/**
 * The batch that windows have asked for: one at a time. It outlives them, and is remembered when the program ends.
 */
import { join } from 'node:path';
import type { Disposable } from '../../app/base/disposable.ts';
import { isCancelled, StudioError, serializeError } from '../../app/base/errors.ts';
import { Emitter } from '../../app/base/events.ts';
import type { BatchEvent } from '../../app/batch/batch-event.ts';
import {
  type BatchCount,
  type BatchForecast,
  type BatchOrder,
  type BatchState,
  parseBatchState,
} from '../../app/batch/batch-order.ts';
import { type Batch, openBatch } from '../batch/open-batch.ts';
import { loadJson, saveJsonText } from '../library/json-file.ts';
import type { AskedOptions, Studio } from '../studio.ts';

const NONE: BatchState = {
  phase: 'none',
  order: null,
  count: 0,
  done: 0,
  leftMs: null,
  last: null,
  failed: [],
  error: null,
};
/** Names that a count shows. */
const NAMES = 5;

export class BatchDesk {
  readonly #studio: Studio;
  readonly #options: AskedOptions;
  readonly #file: string;
  readonly #events = new Emitter<BatchState>();
  #state: BatchState;
  #running: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined;

  private constructor(studio: Studio, options: AskedOptions, file: string, state: BatchState) {
    this.#studio = studio;
    this.#options = options;
    this.#file = file;
    this.#state = state;
  }

  /** A batch that ran when the program ended can go on. */
  static async open(studio: Studio, options: AskedOptions, dataFolder: string): Promise<BatchDesk> {
    const file = join(dataFolder, 'batch.json');
    const saved = (await loadJson(file, (value) => parseBatchState(value, 'batch'))) ?? NONE;
    const state: BatchState = saved.phase === 'running' ? { ...saved, phase: 'stopped', leftMs: null } : saved;
    return new BatchDesk(studio, options, file, state);
  }

  /** Tells the state now, and every one from now on. */
  watch(listener: (state: BatchState) => void): Disposable {
    listener(this.#state);
    return this.#events.on(listener);
  }

  /** Throws `bad-request` for a plan that makes no sense. */
  async count(order: BatchOrder, signal: AbortSignal): Promise<BatchCount> {
    return this.#use(order, signal, async (batch) => {
      const names = batch.pictures.slice(0, NAMES).map(({ file }) => file);
      return { count: batch.pictures.length, done: await batch.countDone(), names };
    });
  }

  /** From a few pictures that are made and thrown away. */
  async forecast(order: BatchOrder, signal: AbortSignal): Promise<BatchForecast> {
    return this.#use(order, signal, async (batch) => {
      const { ms, bytes, freeBytes } = await batch.estimate();
      return { ms, bytes, freeBytes: freeBytes ?? null };
    });
  }

  /** Begins a batch, or goes on with it. Throws `bad-request` while another one runs, and for a plan that makes no sense. */
  async start(order: BatchOrder): Promise<void> {
    if (this.#running) {
      throw new StudioError('bad-request', 'A batch is being painted already.', { hint: 'Stop it first.' });
    }
    const stop = new AbortController();
    let settle = () => {};
    const ended = new Promise<void>((resolve) => {
      settle = resolve;
    });
    this.#running = { stop, ended };
    try {
      const batch = await openBatch(this.#studio, order.plan, this.#batchOptions(order, stop.signal));
      await this.#update({ ...NONE, phase: 'running', order, count: batch.pictures.length });
      void this.#work(batch).finally(settle);
    } catch (error) {
      this.#running = undefined;
      settle();
      throw error;
    }
  }

  /** Lets the picture in progress go; what is written stays. */
  async stop(): Promise<void> {
    this.#running?.stop.abort();
    await this.#running?.ended;
  }

  async #work(batch: Batch): Promise<void> {
    try {
      const { failed } = await batch.run((event) => this.#tell(event));
      await this.#update({ phase: 'done', leftMs: null, failed });
    } catch (error) {
      const stopped = isCancelled(error);
      await this.#update({
        phase: stopped ? 'stopped' : 'failed',
        leftMs: null,
        error: stopped ? null : serializeError(error),
      });
    } finally {
      this.#running = undefined;
      batch.dispose();
    }
  }

  #tell(event: BatchEvent): void {
    if (event.type === 'start') this.#show({ done: event.done });
    else if (event.type === 'picture') this.#show({ done: event.done, leftMs: event.leftMs, last: event.file });
    else if (event.type === 'failed') {
      const { n, file, error } = event;
      this.#show({ failed: [...this.#state.failed, { n, file, error }] });
    }
  }

  #show(change: Partial<BatchState>): void {
    this.#state = { ...this.#state, ...change };
    this.#events.fire(this.#state);
  }

  /** Changes of the phase are remembered; how far a batch is stands in its folder. */
  async #update(change: Partial<BatchState>): Promise<void> {
    this.#show(change);
    await saveJsonText(this.#file, JSON.stringify(this.#state)).catch((error: unknown) => {
      this.#show({ error: serializeError(error) });
    });
  }

  async #use<T>(order: BatchOrder, signal: AbortSignal, work: (batch: Batch) => Promise<T>): Promise<T> {
    const batch = await openBatch(this.#studio, order.plan, this.#batchOptions(order, signal));
    try {
      return await work(batch);
    } finally {
      batch.dispose();
    }
  }

  #batchOptions({ out, output, model, sheet, acceptChanges }: BatchOrder, signal: AbortSignal) {
    return {
      out,
      output,
      model: model ?? undefined,
      engine: this.#options,
      sheets: { contact: sheet, grid: undefined },
      acceptChanges,
      sharesEngine: true,
      signal,
    };
  }
}
