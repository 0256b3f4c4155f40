/**
 * The tokenizer of a text encoder, from the file that lies beside its weights.
 */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { StudioError } from '../../app/base/errors.ts';
import type { TextTokenizer } from '../../native-models/runtime.ts';
import { readSentencePiece } from '../../native-models/text/sentencepiece-model.ts';

/** Best first: what the fast and the original tokenizers of T5 are published as. */
const NAMES = ['tokenizer.json', 'spiece.model'] as const;
/** T5's has 2.4 MB. */
const MAX_BYTES = 64 * 2 ** 20;

/**
 * @param weights absolute path of the encoder's weights
 * @throws missing-file when there is no tokenizer, corrupt-checkpoint when it cannot be read
 */
export async function openTextTokenizer(weights: string): Promise<TextTokenizer> {
  for (const name of NAMES) {
    const path = join(dirname(weights), name);
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() && found.size <= MAX_BYTES) return readTokenizer(path, name);
  }
  throw new StudioError('missing-file', `The text encoder's tokenizer is missing beside ${weights}.`, {
    hint: `Put ${NAMES.join(' or ')} into the same folder; both come with the encoder, such as flan-t5-xl.`,
  });
}

async function readTokenizer(path: string, name: (typeof NAMES)[number]): Promise<TextTokenizer> {
  const bytes = await readFile(path);
  try {
    const json = name === 'spiece.model' ? readSentencePiece(path, bytes) : JSON.parse(bytes.toString('utf8'));
    const tokenizer = new Tokenizer(json, {});
    return { encode: (text) => tokenizer.encode(text, { add_special_tokens: true }).ids };
  } catch (error) {
    if (error instanceof StudioError) throw error;
    throw new StudioError('corrupt-checkpoint', `The tokenizer ${path} cannot be read.`, {
      hint: 'Download it again.',
      detail: String(error),
      cause: error,
    });
  }
}
