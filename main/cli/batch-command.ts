/**
 * `underpaint batch`: a plan becomes pictures.
 */
import type { Command } from 'commander';
import type { BatchResult } from '../../app/batch/batch-event.ts';
import { type Batch, openBatch } from '../batch/open-batch.ts';
import { readPlanFile } from '../batch/plan-file.ts';
import { type BatchFlags, batchFlags } from './batch-flags.ts';
import { type BatchReport, createBatchReport } from './batch-report.ts';
import { engineOptions } from './engine-flags.ts';
import { withStudio } from './with-studio.ts';

const SOME_FAILED = 3;

export function batchCommand(): Command {
  return batchFlags().action(runBatchCommand);
}

async function runBatchCommand(path: string, flags: BatchFlags): Promise<void> {
  const plan = await readPlanFile(path);
  const report = createBatchReport(flags.json ?? false);
  const { format, quality, metadata, name, out, model, retries, acceptChanges = false, queue } = flags;
  try {
    await withStudio(
      async (studio, signal) => {
        const batch = await openBatch(studio, plan, {
          out,
          model,
          engine: engineOptions(flags),
          output: { format, quality, metadata, name },
          sheets: { contact: flags.sheet ?? false, grid: flags.grid },
          retries,
          acceptChanges,
          queue,
          signal,
        });
        try {
          if (flags.dryRun) await estimate(batch, report);
          else finish(await batch.run((event) => report.event(event)), report);
        } finally {
          await batch.dispose();
        }
      },
      { engines: queue === undefined ? flags.workers : 1 },
    );
  } finally {
    report.close();
  }
}

async function estimate(batch: Batch, report: BatchReport): Promise<void> {
  report.estimate(await batch.estimate());
}

function finish(result: BatchResult, report: BatchReport): void {
  report.result(result);
  if (result.failed.length > 0) process.exitCode = SOME_FAILED;
}
