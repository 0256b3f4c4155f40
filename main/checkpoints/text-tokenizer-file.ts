/**
 * Where the tokenizer of a text encoder lies: beside its weights.
 */
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Best first: what the fast and the original tokenizers of T5 are published as. */
export const TEXT_TOKENIZER_NAMES = ['tokenizer.json', 'spiece.model'] as const;
/** T5's has 2.4 MB. */
const MAX_BYTES = 64 * 2 ** 20;

/** @param weights absolute path of the encoder's file */
export async function findTextTokenizer(weights: string): Promise<string | undefined> {
  for (const name of TEXT_TOKENIZER_NAMES) {
    const path = join(dirname(weights), name);
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() && found.size <= MAX_BYTES) return path;
  }
  return undefined;
}

/** Whether a file is a text encoder's tokenizer and no checkpoint. */
export function isTextTokenizer(path: string): boolean {
  return TEXT_TOKENIZER_NAMES.some((name) => name === basename(path));
}
