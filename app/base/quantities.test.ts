import { expect, it } from 'vitest';
import { bytesInWords, timeInWords } from './quantities.ts';

it.each([
  [0, '0.0 s'],
  [3210, '3.2 s'],
  [45_000, '45 s'],
  [720_000, '12 min'],
  [27_000_000, '7.5 h'],
])('%i ms are %s', (ms, words) => {
  expect(timeInWords(ms)).toBe(words);
});

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1200, '1.2 kB'],
  [34_567_890, '35 MB'],
  [3.4e9, '3.4 GB'],
  [5e20, '500000 PB'],
])('%i bytes are %s', (bytes, words) => {
  expect(bytesInWords(bytes)).toBe(words);
});
