import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findTextTokenizer, isTextTokenizer } from './text-tokenizer-file.ts';

it('finds the tokenizer beside an encoder, the fast one first', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'underpaint-text-'));
  const weights = join(folder, 'model-00001-of-00002.safetensors');
  expect(await findTextTokenizer(weights)).toBeUndefined();
  await writeFile(join(folder, 'spiece.model'), '');
  expect(await findTextTokenizer(weights)).toBe(join(folder, 'spiece.model'));
  await writeFile(join(folder, 'tokenizer.json'), '{}');
  expect(await findTextTokenizer(weights)).toBe(join(folder, 'tokenizer.json'));
  await rm(folder, { recursive: true });
});

it('tells it from checkpoints', () => {
  expect(['/a/tokenizer.json', '/a/spiece.model', '/a/tokenizer.safetensors'].map(isTextTokenizer)).toEqual([
    true,
    true,
    false,
  ]);
});
