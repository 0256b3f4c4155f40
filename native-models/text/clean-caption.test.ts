import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { cleanCaption } from './clean-caption.ts';

interface Prompt {
  readonly prompt: string;
  readonly cleaned: string;
}

const PROMPTS = JSON.parse(
  readFileSync(new URL('../../test/golden/t5/prompts.json', import.meta.url), 'utf8'),
) as readonly Prompt[];

it.each(PROMPTS)('makes of "$prompt" what the authors make of it', ({ prompt, cleaned }) => {
  expect(cleanCaption(prompt)).toBe(cleaned);
});

it.each(['a', '-', '<', '&', '1x', '"', '.', ' :', 'a.', 'a.com', '#1', '家', '🙂', '%41'])(
  'takes 10,000 times "%s" without hanging',
  (piece) => {
    expect(cleanCaption(piece.repeat(10_000)).length).toBeLessThanOrEqual(8000);
  },
  5000,
);
