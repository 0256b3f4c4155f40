import { expect } from 'vitest';
import { loadModel } from '../../main/engine/load-model.ts';
import type { NamedArray } from '../../native-models/pipeline.ts';
import { compare } from './compare.ts';
import { readGoldenCase } from './golden-case.ts';

/** Runs a case on the CPU in float32, and fails unless all that it compares is within its tolerances. */
export async function compareCase(name: string, file: string): Promise<void> {
  const { files, run, tensors, expected, forced } = await readGoldenCase(name, file);
  const source = { id: name, files, labels: [], defaults: {}, preview: undefined };
  const pipeline = await loadModel({ source, provider: 'cpu', precision: 'fp32' });
  try {
    const got = await pipeline.trace(run, forced, new AbortController().signal);
    for (const tensor of tensors) compare(tensor, got.get(tensor.name), expected.get(tensor.name) as NamedArray);
    expect(tensors.length).toBeGreaterThan(2);
  } finally {
    await pipeline.dispose();
  }
}
