/**
 * Tiny graphs with weights of their own, run by the real runtime.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openCheckpoint } from '../../main/checkpoints/open-checkpoint.ts';
import { streamSafetensors } from '../../main/checkpoints/write-safetensors.ts';
import { createOrtSession } from '../../main/engine/ort/ort-session.ts';
import { GraphBuilder, type Target, type Value } from '../../native-models/graph/graph-builder.ts';
import { float32, floats } from '../../native-models/runtime.ts';
import { TorchRandom } from '../../native-models/sampling/torch-random.ts';
import type { DerivedTensor } from '../../native-models/weights/derived-tensor.ts';
import { elementCount, type TensorIndex } from '../../native-models/weights/tensor-entry.ts';

/** Numbers and their shape, row-major. */
export interface Floats {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

export function filled(data: readonly number[], ...shape: number[]): Floats {
  return { data: Float32Array.from(data), shape };
}

/** Normal numbers; the seed makes them the same each time. */
export function normal(seed: number, ...shape: number[]): Floats {
  return { data: new TorchRandom(seed).randn(elementCount(shape)), shape };
}

/** A checkpoint of float32 tensors in a temporary folder, gone when the test is. */
export function checkpoint(tensors: Readonly<Record<string, Floats>>): Promise<TensorIndex> {
  return derivedCheckpoint(
    Object.entries(tensors).map(([name, { data, shape }]) => ({ name, type: 'f32', shape, produce: async () => data })),
  );
}

export async function derivedCheckpoint(tensors: readonly DerivedTensor[]): Promise<TensorIndex> {
  const folder = await mkdtemp(join(tmpdir(), 'underpaint-graph-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'weights.safetensors');
  await streamSafetensors(path, tensors);
  return openCheckpoint(path);
}

/** Builds a graph of the inputs, runs it once on the CPU and returns its only output. */
export async function runGraph(
  inputs: Readonly<Record<string, Floats>>,
  build: (g: GraphBuilder, inputs: Readonly<Record<string, Value>>) => Value,
  target: Target = 'cpu',
): Promise<Floats> {
  const g = new GraphBuilder('tiny', target);
  const values = Object.entries(inputs).map(([name, { shape }]) => [name, g.input(name, 'float32', shape)] as const);
  g.output('y', build(g, Object.fromEntries(values)));
  const session = await createOrtSession(g.build(), 'cpu');
  try {
    const feeds = Object.entries(inputs).map(([name, { data, shape }]) => [name, float32(data, ...shape)]);
    const fetches = await session.run(Object.fromEntries(feeds));
    return { data: floats(fetches, 'y'), shape: fetches.y?.shape ?? [] };
  } finally {
    await session.dispose();
  }
}
