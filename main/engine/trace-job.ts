/**
 * Runs a model and writes its intermediate tensors into a safetensors file.
 */
import type { TraceJob } from '../../app/contracts/engine-api.ts';
import type { NamedArray, Pipeline } from '../../native-models/pipeline.ts';
import { readSafetensors } from '../checkpoints/read-safetensors.ts';
import { writeSafetensors } from '../checkpoints/write-safetensors.ts';

/** Returns the names of the tensors written. Nothing is written when the run fails. */
export async function runTraceJob(
  pipeline: Pipeline,
  job: TraceJob,
  signal: AbortSignal,
): Promise<{ tensors: readonly string[] }> {
  const forced: ReadonlyMap<string, NamedArray> = job.force ? await readSafetensors(job.force) : new Map();
  const tensors = await pipeline.trace(job.run, forced, signal);
  await writeSafetensors(job.out, tensors);
  return { tensors: [...tensors.keys()] };
}
