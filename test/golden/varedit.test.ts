/**
 * Infinity and VAREdit against the outputs of the authors' code, within the tolerances that each case states.
 */
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadModel } from '../../main/engine/load-model.ts';
import type { NamedArray } from '../../native-models/pipeline.ts';
import { compare } from './compare.ts';
import { readGoldenCase } from './golden-case.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'underpaint-varedit-'));
});
afterAll(() => rm(folder, { recursive: true }));

it.each([
  ['infinity', 'expected.safetensors', undefined],
  ['infinity', 'expected-wide.safetensors', undefined],
  ['infinity-patches', 'expected.safetensors', undefined],
  ['varedit-2b-512', 'expected.safetensors', '2B-512.pth'],
  ['varedit-8b-512', 'expected.safetensors', '8B-512.pth'],
  ['varedit-8b-1024', 'expected.safetensors', '8B-1024.pth'],
])('%s %s', async (name, file, publishedName) => {
  const { files, run, tensors, expected, forced } = await readGoldenCase(name, file);
  const source = {
    id: name,
    files: publishedName === undefined ? files : await renamed(files, publishedName),
    labels: [],
    defaults: {},
    preview: undefined,
  };
  const pipeline = await loadModel({ source, provider: 'cpu', precision: 'fp32' });
  try {
    const { signal } = new AbortController();
    const compareAll = (got: Awaited<ReturnType<typeof pipeline.trace>>) => {
      for (const tensor of tensors) compare(tensor, got.get(tensor.name), expected.get(tensor.name) as NamedArray);
    };
    // The largest runs once, by its seed alone.
    if (!name.endsWith('1024')) compareAll(await pipeline.trace(run, forced, signal));
    // A seed means what it means in PyTorch: without following their bits, the same ones are drawn.
    const { bits, ...rest } = Object.fromEntries(forced);
    const free = await pipeline.trace(run, new Map(Object.entries(rest)), signal);
    expect(free.get('bits')?.data, 'bits of the seed').toEqual(bits?.data);
    compareAll(free);
  } finally {
    await pipeline.dispose();
  }
});

/** The transformer under the name by which it is known as one that edits. */
async function renamed([transformer, ...others]: readonly string[], name: string): Promise<string[]> {
  await copyFile(transformer as string, join(folder, name));
  return [join(folder, name), ...others];
}
