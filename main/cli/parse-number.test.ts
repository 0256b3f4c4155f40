import { describe, expect, it } from 'vitest';
import { decimalNumber, wholeNumber } from './parse-number.ts';

describe('wholeNumber', () => {
  const seed = wholeNumber('--seed', { min: 0, max: 2 ** 32 - 1 });

  it('takes the whole range', () => {
    expect(['0', '7', '4294967295', '+3'].map(seed)).toEqual([0, 7, 4294967295, 3]);
  });

  it.each(['', 'NaN', '-1', '4294967296', '1.5', '1e3', '0x10', '7 8', '9'.repeat(400)])('refuses %j', (text) => {
    expect(() => seed(text)).toThrow('--seed must be a whole number from 0 to 4294967295');
  });
});

describe('decimalNumber', () => {
  const topP = decimalNumber('--top-p', { min: 0, max: 1 });

  it('takes decimals', () => {
    expect(['0', '.5', '1', '9e-1'].map(topP)).toEqual([0, 0.5, 1, 0.9]);
  });

  it.each(['', ' ', 'NaN', 'Infinity', '1.01', '-0.1', '0,5'])('refuses %j', (text) => {
    expect(() => topP(text)).toThrow('--top-p must be a number from 0 to 1');
  });
});
