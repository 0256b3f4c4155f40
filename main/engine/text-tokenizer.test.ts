import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openTextTokenizer } from './text-tokenizer.ts';

const GOLDEN = fileURLToPath(new URL('../../test/golden/t5/', import.meta.url));

interface Prompt {
  readonly prompt: string;
  readonly cleaned: string;
  /** Of the cleaned prompt, at most 120. */
  readonly ids: readonly number[];
  /** Of the prompt as it is, at most 120. */
  readonly rawIds: readonly number[];
}

async function folderWith(...names: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'underpaint-tokenizer-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const name of names) await copyFile(join(GOLDEN, name), join(folder, name));
  return folder;
}

/** As the authors cut it: the end token stays. */
function firstTokens(ids: readonly number[], count = 120): number[] {
  return ids.length <= count ? [...ids] : [...ids.slice(0, count - 1), ids.at(-1)!];
}

describe.each(['tokenizer.json', 'spiece.model'])('%s', (name) => {
  it('gives the tokens of the authors’ tokenizer', async () => {
    const tokenizer = await openTextTokenizer(join(await folderWith(name), 'model.safetensors'));
    const prompts = JSON.parse(await readFile(join(GOLDEN, 'prompts.json'), 'utf8')) as readonly Prompt[];
    for (const { prompt, cleaned, ids, rawIds } of prompts) {
      expect(firstTokens(tokenizer.encode(cleaned)), cleaned).toEqual(ids);
      expect(firstTokens(tokenizer.encode(prompt)), prompt).toEqual(rawIds);
    }
  });

  it('is refused when it is damaged', async () => {
    const folder = await folderWith(name);
    const bytes = await readFile(join(folder, name));
    await writeFile(join(folder, name), bytes.subarray(0, bytes.length / 3));
    await expect(openTextTokenizer(join(folder, 'model.safetensors'))).rejects.toMatchObject({
      code: 'corrupt-checkpoint',
      message: expect.stringContaining(name),
    });
  });
});

it('says where the tokenizer has to be', async () => {
  await expect(openTextTokenizer(join(await folderWith(), 'model.safetensors'))).rejects.toMatchObject({
    code: 'missing-file',
    hint: expect.stringContaining('tokenizer.json or spiece.model'),
  });
});
