/**
 * The runtime that pipelines get: sessions of onnxruntime, tensors from checkpoint files.
 */
import type { Precision, Provider, Runtime } from '../../../native-models/runtime.ts';
import { readFloats, readIntegers } from '../../checkpoints/read-tensor.ts';
import { deriveWeights } from '../derived-weights.ts';
import { openTextTokenizer } from '../text-tokenizer.ts';
import { createOrtSession } from './ort-session.ts';

export function createOrtRuntime(provider: Provider, precision: Precision): Runtime {
  return {
    provider,
    precision,
    createSession: (model, options) => createOrtSession(model, provider, options),
    derive: deriveWeights,
    openTextTokenizer,
    readFloats,
    readIntegers,
  };
}
