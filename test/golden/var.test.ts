/**
 * VAR and its tokenizer against the outputs of the authors' code, within the tolerances that each case states.
 */
import { expect, it } from 'vitest';
import { loadModel } from '../../main/engine/load-model.ts';
import type { NamedArray } from '../../native-models/pipeline.ts';
import { compare } from './compare.ts';
import { readGoldenCase } from './golden-case.ts';

it.each([
  ['var256', 'expected.safetensors'],
  ['var256-inpaint', 'expected-plain.safetensors'],
  ['var256-inpaint', 'expected-smooth.safetensors'],
  ['var256-legacy', 'expected.safetensors'],
  ['var512-shared', 'expected.safetensors'],
  ['vae-encode/vq', 'expected.safetensors'],
])('%s %s', async (name, file) => {
  const { files, run, tensors, expected, forced } = await readGoldenCase(name, file);
  const source = { id: name, files, labels: [], defaults: {}, preview: undefined };
  const pipeline = await loadModel({ source, provider: 'cpu', precision: 'fp32' });
  try {
    const got = await pipeline.trace(run, forced, new AbortController().signal);
    for (const tensor of tensors) compare(tensor, got.get(tensor.name), expected.get(tensor.name) as NamedArray);
    expect(tensors.length).toBeGreaterThan(4);
  } finally {
    await pipeline.dispose();
  }
});
