/**
 * The runtime that pipelines get: sessions of onnxruntime, tensors from checkpoint files.
 */
import type { Runtime } from '../../../native-models/runtime.ts';
import { readFloats, readIntegers } from '../../checkpoints/read-tensor.ts';
import { findPaths } from '../../paths.ts';
import { availableMemory } from '../available-memory.ts';
import { deriveWeights } from '../derived-weights.ts';
import { HostPool } from '../host-pool.ts';
import type { Loading } from '../model-cache.ts';
import { openTextTokenizer } from '../text-tokenizer.ts';
import { createOrtSession } from './ort-session.ts';
import { computingThreads } from './threads.ts';

/** One for the process and each number of threads: its models share the processors. */
const pools = new Map<number, HostPool>();

export function createOrtRuntime(options: Omit<Loading, 'source'>): Runtime {
  const { provider, precision, budget, threads, onProgress } = options;
  const hostPool = poolOf(threads ?? computingThreads());
  return {
    provider,
    precision,
    availableMemory: () => Math.min(availableMemory(), budget ?? Number.POSITIVE_INFINITY),
    hostThreads: hostPool.threads,
    hostTask: (name, input, moved) => hostPool.run(name, input, moved),
    createSession: (model, options) => createOrtSession(model, provider, { ...options, threads }),
    derive: (derivation) => deriveWeights(derivation, onProgress),
    openTextTokenizer,
    readFloats,
    readIntegers,
  };
}

function poolOf(threads: number): HostPool {
  const pool = pools.get(threads) ?? new HostPool(findPaths().hostWorkerEntry, threads);
  pools.set(threads, pool);
  return pool;
}
