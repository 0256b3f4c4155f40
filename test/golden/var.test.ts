/**
 * VAR and its tokenizer against the outputs of the authors' code, within the tolerances that each case states.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readSafetensors } from '../../main/checkpoints/read-safetensors.ts';
import { loadModel } from '../../main/engine/load-model.ts';
import type { NamedArray } from '../../native-models/pipeline.ts';
import type { Provider } from '../../native-models/runtime.ts';
import { compare, type ExpectedTensor } from './compare.ts';

interface Meta {
  readonly files: Readonly<Record<string, string>>;
  readonly expected: Readonly<Record<string, { run: Record<string, unknown>; tensors: readonly ExpectedTensor[] }>>;
}

const INPUTS = ['label', 'tokens', 'gt_tokens', 'edit_mask', 'input_u8', 'gumbel', 'tau', 'logits_rows'];

const CASES = [
  ['var256', 'expected.safetensors'],
  ['var256-inpaint', 'expected-plain.safetensors'],
  ['var256-inpaint', 'expected-smooth.safetensors'],
  ['var256-legacy', 'expected.safetensors'],
  ['var512-shared', 'expected.safetensors'],
  ['vae-encode/vq', 'expected.safetensors'],
] as const;

it.each(CASES)('%s %s', async (name, file) => {
  const { expected, tensors, got } = await trace(name, file, 'cpu');
  for (const tensor of tensors) {
    if (tensor.compare) compare(tensor, got.get(tensor.name), expected.get(tensor.name) as NamedArray);
  }
  expect(tensors.filter((tensor) => tensor.compare).length).toBeGreaterThan(4);
});

async function trace(name: string, file: string, provider: Provider) {
  const folder = new URL(`./${name}/`, import.meta.url);
  const meta = JSON.parse(await readFile(new URL('meta.json', folder), 'utf8')) as Meta;
  const { run, tensors } = meta.expected[file] as Meta['expected'][string];
  const expected = await readSafetensors(fileURLToPath(new URL(file, folder)));
  const forced = new Map([...expected].filter(([tensor]) => INPUTS.includes(tensor)));
  const files = Object.values(meta.files).map((path) => fileURLToPath(new URL(path, folder)));
  const source = { id: name, files, labels: [], defaults: {}, preview: undefined };
  const pipeline = await loadModel({ source, provider, precision: 'fp32' });
  try {
    return { expected, tensors, got: await pipeline.trace(run, forced, new AbortController().signal) };
  } finally {
    await pipeline.dispose();
  }
}
