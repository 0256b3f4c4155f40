/**
 * LlamaGen, ControlAR and their tokenizer against the outputs of the authors' code, within the tolerances that each case states.
 */
import { expect, it } from 'vitest';
import { loadModel } from '../../main/engine/load-model.ts';
import type { NamedArray } from '../../native-models/pipeline.ts';
import { compare } from './compare.ts';
import { readGoldenCase } from './golden-case.ts';

it.each([
  ['vq16', 'expected.safetensors'],
  ['vq8', 'expected.safetensors'],
  ['llamagen-c2i', 'expected.safetensors'],
  ['llamagen-c2i', 'expected-plain.safetensors'],
  ['llamagen-c2i', 'expected-interval.safetensors'],
  ['llamagen-t2i', 'expected.safetensors'],
  ['controlar-square', 'expected.safetensors'],
  ['controlar-mr', 'expected.safetensors'],
  ['starter-controlar', 'expected.safetensors'],
])('%s %s', async (name, file) => {
  const { files, run, tensors, expected, forced } = await readGoldenCase(name, file);
  const source = { id: name, files, labels: [], defaults: {}, preview: undefined };
  const pipeline = await loadModel({ source, provider: 'cpu', precision: 'fp32' });
  try {
    const { signal } = new AbortController();
    const got = await pipeline.trace(run, forced, signal);
    for (const tensor of tensors) compare(tensor, got.get(tensor.name), expected.get(tensor.name) as NamedArray);
    // A seed means what it means in PyTorch: without following their tokens, the same ones are drawn.
    const { tokens, ...rest } = Object.fromEntries(forced);
    const free = await pipeline.trace(run, new Map(Object.entries(rest)), signal);
    expect(free.get('tokens')?.data, 'tokens of the seed').toEqual(tokens?.data ?? expected.get('tokens')?.data);
  } finally {
    await pipeline.dispose();
  }
});
