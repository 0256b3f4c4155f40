/**
 * Numbers on the command line.
 */
import { StudioError } from '../../app/base/errors.ts';

interface Range {
  readonly min: number;
  readonly max: number;
}

/** A parser for an option's value: a whole number in the range. It throws `bad-request` that names the option. */
export function wholeNumber(flag: string, { min, max }: Range): (text: string) => number {
  return (text) => {
    const value = /^[+-]?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new StudioError('bad-request', `${flag} must be a whole number from ${min} to ${max}, not "${text}".`);
  };
}

/** As `wholeNumber`, with decimals. */
export function decimalNumber(flag: string, { min, max }: Range): (text: string) => number {
  return (text) => {
    const value = /\d/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new StudioError('bad-request', `${flag} must be a number from ${min} to ${max}, not "${text}".`);
  };
}
