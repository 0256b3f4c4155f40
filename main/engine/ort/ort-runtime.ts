/**
 * The runtime that pipelines get: sessions of onnxruntime, tensors from checkpoint files.
 */
import { availableParallelism } from 'node:os';
import type { Precision } from '../../../app/contracts/engine-api.ts';
import type { Provider, Runtime } from '../../../native-models/runtime.ts';
import { readFloats, readIntegers } from '../../checkpoints/read-tensor.ts';
import { findPaths } from '../../paths.ts';
import { availableMemory } from '../available-memory.ts';
import { deriveWeights } from '../derived-weights.ts';
import { HostPool } from '../host-pool.ts';
import { openTextTokenizer } from '../text-tokenizer.ts';
import { createOrtSession } from './ort-session.ts';
import { sessionThreads } from './threads.ts';

/** One for the process: all its models share the processors. */
let pool: HostPool | undefined;

/** @param onProgress told how much of the derived weights is written, 0 … 1 */
export function createOrtRuntime(
  provider: Provider,
  precision: Precision,
  onProgress?: (share: number) => void,
): Runtime {
  pool ??= new HostPool(findPaths().hostWorkerEntry, sessionThreads() || availableParallelism());
  const hostPool = pool;
  return {
    provider,
    precision,
    availableMemory,
    hostThreads: hostPool.threads,
    hostTask: (name, input, moved) => hostPool.run(name, input, moved),
    createSession: (model, options) => createOrtSession(model, provider, options),
    derive: (derivation) => deriveWeights(derivation, onProgress),
    openTextTokenizer,
    readFloats,
    readIntegers,
  };
}
