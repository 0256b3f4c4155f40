/**
 * Makes the pictures of a batch on other machines: each is a job of a BullMQ queue, leased to a worker and given to another
 * one when that dies.
 */
import { cancelled, StudioError } from '../../../app/base/errors.ts';
import { newId } from '../../../app/base/ids.ts';
import type { BatchResult } from '../../../app/batch/batch-event.ts';
import { APP_VERSION } from '../../paths.ts';
import { BatchProgress } from '../batch-progress.ts';
import { openJournal } from '../journal.ts';
import { groupByModel, type PreparedBatch } from '../prepare-batch.ts';
import type { BatchRun } from '../run-batch.ts';
import type { ResultStore } from '../stores/result-store.ts';
import { type QueueNote, queueName, readNote, removeNote, writeNote } from './queue-note.ts';
import { QueuedPictures } from './queued-pictures.ts';
import { openRedisQueue, type RedisQueue } from './redis-queue.ts';

export interface QueuedBatchRun extends Omit<BatchRun, 'assembleTeam' | 'sharesEngine'> {
  /** `redis://…` */
  readonly queue: string;
}

/**
 * Queues what is not there yet, and waits until workers have made it. May be killed at any point: workers go on, and so
 * does the next call. When the signal is aborted, workers finish what they have begun and do nothing more.
 *
 * @throws StudioError what `openJournal` throws; bad-request for control maps; unreachable; cancelled
 */
export async function runQueuedBatch(run: QueuedBatchRun): Promise<BatchResult> {
  const { batch, store } = run;
  refuseMaps(batch);
  const redis = await openRedisQueue(run.queue);
  const unlock = await store.lock();
  try {
    const missing = await openJournal(store, batch, run);
    const progress = new BatchProgress(run.onEvent, batch.pictures.length, missing.length);
    const note = await leaveNote(store, batch, redis);
    const groups = groupByModel(missing).map((pictures) => {
      return new QueuedPictures(redis, note, pictures, { progress, retries: run.retries, signal: run.signal });
    });
    try {
      await Promise.all(groups.map((group) => group.run()));
    } finally {
      await Promise.all(groups.map((group) => group.close()));
    }
    if (run.signal.aborted) throw cancelled();
    await removeNote(store);
    await removeQueues(redis, note);
    await store.sweep(batch.pictures.map(({ file }) => file));
    return progress.result;
  } finally {
    await unlock();
  }
}

/** Their files lie on this machine alone. */
function refuseMaps({ pictures }: PreparedBatch): void {
  const found = pictures.find(({ control }) => control !== undefined);
  if (!found) return;
  throw new StudioError('bad-request', `Picture ${found.index + 1} is painted over a control map.`, {
    hint: 'Workers on other machines do not have such files: paint this batch without --queue.',
  });
}

/** The note of this batch, perhaps from a call before; the queues of another one in the same place are cleared away. */
async function leaveNote(store: ResultStore, batch: PreparedBatch, redis: RedisQueue): Promise<QueueNote> {
  const { output, fingerprint } = batch;
  const before = await readNote(store);
  if (before?.fingerprint === fingerprint && before.app === APP_VERSION) return before;
  if (before) await removeQueues(redis, before);
  const models = groupByModel(batch.pictures).map(([{ model }]) => {
    const { id, name } = model.model.card;
    // How much memory there is, each worker knows for itself.
    return { hash: model.hash, id, name, options: { ...model.options, memoryBudget: undefined } };
  });
  const note: QueueNote = { version: 1, id: newId(), fingerprint, app: APP_VERSION, models, output };
  await writeNote(store, note);
  return note;
}

async function removeQueues({ bull, connection }: RedisQueue, { id, models }: QueueNote): Promise<void> {
  for (const model of models) {
    const queue = new bull.Queue(queueName(id, model), { connection });
    queue.on('error', () => {});
    await queue.obliterate({ force: true });
    await queue.close();
  }
}
