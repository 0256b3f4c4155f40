/**
 * `underpaint worker`: paints pictures of batches that were queued on other machines.
 */
import { Command } from 'commander';
import { bytesInWords } from '../../app/base/quantities.ts';
import { runWorker, type WorkerEvent } from '../batch/queue/queue-worker.ts';
import { openRedisQueue } from '../batch/queue/redis-queue.ts';
import { openStore } from '../batch/stores/open-store.ts';
import { printJsonLine } from './json-lines.ts';
import { wholeNumber } from './parse-number.ts';
import { withStudio } from './with-studio.ts';

interface WorkerFlags {
  readonly queue: string;
  readonly out: string;
  readonly lease: number;
  readonly json?: boolean;
}

const DEFAULT_LEASE = 30;
const MAX_LEASE = 3600;

const HELP = `
--out is the place of the batch as this machine sees it: a folder that all machines share, or the same s3://bucket/folder.
A worker waits for batches there, and paints with the models that it has; a model is told by its contents, not by its name.
It works until Ctrl+C, and finishes what it has begun; a second Ctrl+C ends it at once, and others paint its pictures.

Any number of workers may be at work, started before or after the batch. On machines of the same kind they make the same
pictures to the bit; other processors or graphics cards may differ in the last bit of a pixel.

Examples:
  $ underpaint worker --queue redis://render-queue:6379 --out /mnt/pictures
  $ underpaint worker --queue redis://render-queue:6379 --out s3://pictures/tonight`;

export function workerCommand(): Command {
  return new Command('worker')
    .description('Paint pictures of batches that were queued on other machines.')
    .requiredOption('--queue <redis://…>', 'the queue')
    .requiredOption('--out <folder|s3://…>', 'where the pictures go')
    .option(
      '--lease <seconds>',
      'after so long without a sign of life, its pictures are given to others',
      wholeNumber('--lease', { min: 1, max: MAX_LEASE }),
      DEFAULT_LEASE,
    )
    .option('--json', 'print events as JSON')
    .addHelpText('after', HELP)
    .action(work);
}

async function work({ queue, out, lease, json = false }: WorkerFlags): Promise<void> {
  const redis = await openRedisQueue(queue);
  const store = await openStore(out);
  const onEvent = json ? printJsonLine : say;
  try {
    await withStudio((studio, signal) => runWorker({ studio, store, redis, leaseMs: lease * 1000, onEvent, signal }));
  } finally {
    store.dispose();
  }
}

function say(event: WorkerEvent): void {
  if (event.type === 'idle') console.error(`Waiting for a batch in ${event.place}`);
  else if (event.type === 'serving') console.error(`Painting with ${event.model}`);
  else if (event.type === 'picture') console.log(`${event.file}  ${bytesInWords(event.bytes)}`);
  else if (event.type === 'failed') console.error(`${event.file}: ${event.message}`);
  else console.error(`warning: ${event.message}`);
}
