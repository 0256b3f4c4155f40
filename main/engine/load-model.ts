/**
 * Opens a model's checkpoint files and loads its pipeline on onnxruntime.
 */
import type { Pipeline } from '../../native-models/pipeline.ts';
import { loadPipeline } from '../../native-models/registry.ts';
import { copied } from '../../native-models/weights/derived-tensor.ts';
import { isContiguous, type TensorIndex } from '../../native-models/weights/tensor-entry.ts';
import { openCheckpoint } from '../checkpoints/open-checkpoint.ts';
import { readFloats, readIntegers } from '../checkpoints/read-tensor.ts';
import { deriveWeights } from './derived-weights.ts';
import type { Loading } from './model-cache.ts';
import { createOrtRuntime } from './ort/ort-runtime.ts';

export async function loadModel(loading: Loading): Promise<Pipeline> {
  const { source } = loading;
  const indexes = await Promise.all(source.files.map(openContiguous));
  return loadPipeline(indexes, source, createOrtRuntime(loading));
}

/** A graph can point only at tensors that lie row-major without gaps: a checkpoint with others is copied into the cache. */
async function openContiguous(file: string): Promise<TensorIndex> {
  const source = await openCheckpoint(file);
  const entries = [...source.entries.values()];
  const strided = entries.filter((entry) => !isContiguous(entry));
  if (strided.length === 0) return source;
  console.error(`${file}: ${strided.length} tensors are strided; a contiguous copy goes into the cache.`);
  const reader = { readFloats, readIntegers };
  return deriveWeights({ kind: 'contiguous', source, tensors: entries.map((entry) => copied(entry, reader)) });
}
