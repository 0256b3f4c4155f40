import type { BatchResult } from '../../../app/batch/batch-event.ts';
import type { BatchRun } from '../run-batch.ts';

export type QueuedBatchRun = Omit<BatchRun, 'engines'> & { readonly queue: string };

export async function runQueuedBatch(_run: QueuedBatchRun): Promise<BatchResult> {
  throw new Error('not yet');
}
