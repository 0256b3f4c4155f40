/**
 * The queue's log: what was waiting, running or done when the program ended.
 */

import { decodeMessage, encodeMessage } from '../../app/contracts/message-codec.ts';
import type { Job } from '../../app/jobs/job.ts';
import { parseJob } from '../../app/jobs/parse-job.ts';
import { JournalFile } from '../library/journal-file.ts';
import type { QueueLog } from './job-queue.ts';

/** Jobs are kept as base64 of their messages: they hold typed arrays. */
export async function readQueueLog(path: string): Promise<{ log: QueueLog; jobs: readonly Job[] }> {
  const journal = new JournalFile<string>(path, (value) => {
    if (typeof value !== 'string') throw new TypeError('A job is a text.');
    return value;
  });
  const jobs = (await journal.load()).flatMap(parseEntry);
  const log: QueueLog = {
    save: (current) => journal.save(current.map(entryOf)),
    flush: () => journal.flush(),
  };
  return { log, jobs };
}

/** Of jobs that stay as they are: the log is written at every step, and a request may hold a picture. */
const entries = new WeakMap<Job, string>();

function entryOf(job: Job): string {
  const entry = entries.get(job) ?? Buffer.from(encodeMessage(job)).toString('base64');
  entries.set(job, entry);
  return entry;
}

/** A job of another version is dropped. */
function parseEntry(entry: string): Job[] {
  try {
    return [parseJob(decodeMessage(Buffer.from(entry, 'base64')), 'job')];
  } catch {
    return [];
  }
}
