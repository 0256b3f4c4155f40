/**
 * Opens a model's checkpoint files and loads its pipeline on onnxruntime.
 */
import type { Pipeline } from '../../native-models/pipeline.ts';
import { loadPipeline } from '../../native-models/registry.ts';
import { openCheckpoint } from '../checkpoints/open-checkpoint.ts';
import type { Loading } from './model-cache.ts';
import { createOrtRuntime } from './ort/ort-runtime.ts';

export async function loadModel({ source, provider, precision }: Loading): Promise<Pipeline> {
  const indexes = await Promise.all(source.files.map((file) => openCheckpoint(file)));
  return loadPipeline(indexes, source, createOrtRuntime(provider, precision));
}
