/**
 * A record as a real model writes it, for tests.
 */
import { packTokens } from '../packed-tokens.ts';
import type { PictureRecord } from '../picture-record.ts';

/** Tokens of VAR's ten scales at 256×256. */
export const SAMPLE_COUNTS = [1, 4, 9, 16, 25, 36, 64, 100, 169, 256];

export const SAMPLE_TOKENS = Int32Array.from({ length: 680 }, (_, at) => ((at * 2654435761) % 4096) | 0);

export const SAMPLE_RECORD: PictureRecord = {
  version: 1,
  app: '0.1.0',
  model: { id: 'var', name: 'Startermodell', family: 'var', files: [{ size: 12, sha256: 'ab'.repeat(32) }] },
  request: { label: 3, labelName: 'alpine läke', seed: 7, settings: { cfg: 4, top_k: 900, more_smooth: false } },
  provider: 'cpu',
  precision: 'fp32',
  tokens: packTokens(SAMPLE_TOKENS, { tokensPerStep: SAMPLE_COUNTS, symbolsPerToken: 1, vocabulary: 4096 }),
};
