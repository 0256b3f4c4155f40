/**
 * Sizes and times in the person's language.
 */
import { formatBytes } from '../../../app/base/format-bytes.ts';
import type { Words } from '../../text/en.ts';

type ModelWords = Words['models'];

export function bytesText(bytes: number, { decimal }: ModelWords): string {
  return formatBytes(bytes).replace('.', decimal);
}

export function timeText(seconds: number, words: ModelWords): string {
  if (seconds >= 5400) return words.hours(Math.round(seconds / 3600));
  if (seconds >= 100) return words.minutes(Math.round(seconds / 60));
  if (seconds >= 10) return words.seconds(Math.round(seconds));
  return words.seconds(0).replace('0', seconds.toFixed(1).replace('.', words.decimal));
}

export function numberText(value: number, digits: number, { decimal }: ModelWords): string {
  return value.toFixed(digits).replace('.', decimal);
}

/** `310 M`, `2.4 B` in English. */
export function countText(count: number, words: ModelWords): string {
  if (count < 1e9) return `${Math.round(count / 1e6)} ${words.millions}`;
  return `${numberText(count / 1e9, 1, words)} ${words.billions}`;
}
