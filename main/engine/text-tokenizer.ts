/**
 * The tokenizer of a text encoder, from the file that lies beside its weights.
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { StudioError } from '../../app/base/errors.ts';
import type { TextTokenizer } from '../../native-models/runtime.ts';
import { readSentencePiece } from '../../native-models/text/sentencepiece-model.ts';
import { findTextTokenizer, TEXT_TOKENIZER_NAMES } from '../checkpoints/text-tokenizer-file.ts';

/**
 * @param weights absolute path of the encoder's weights
 * @throws missing-file when there is no tokenizer, corrupt-checkpoint when it cannot be read
 */
export async function openTextTokenizer(weights: string): Promise<TextTokenizer> {
  const path = await findTextTokenizer(weights);
  if (path) return readTokenizer(path);
  throw new StudioError('missing-file', `The text encoder's tokenizer is missing beside ${weights}.`, {
    hint: `Put ${TEXT_TOKENIZER_NAMES.join(' or ')} into the same folder; both come with the encoder, such as flan-t5-xl.`,
  });
}

async function readTokenizer(path: string): Promise<TextTokenizer> {
  const bytes = await readFile(path);
  try {
    const json =
      basename(path) === 'spiece.model' ? readSentencePiece(path, bytes) : JSON.parse(bytes.toString('utf8'));
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
