import { describe, expect, it } from 'vitest';
import type { StudioError } from '../base/errors.ts';
import { findLabel } from './find-label.ts';

const LABELS = ['alpine lake', 'desert', '7'];

function hintOf(text: string, labels = LABELS): string | undefined {
  try {
    findLabel(text, labels, 3);
  } catch (error) {
    return (error as StudioError).hint;
  }
  return expect.fail('A label was found.');
}

describe('findLabel', () => {
  it('takes names in any case, and indices', () => {
    expect(findLabel('Alpine Lake', LABELS, 3)).toBe(0);
    expect(findLabel('1', LABELS, 3)).toBe(1);
    expect(findLabel('7', LABELS, 3)).toBe(2);
    expect(findLabel('2', [], 3)).toBe(2);
  });

  it('suggests the nearest, or an example', () => {
    expect(hintOf('alpin lak')).toBe('Did you mean "alpine lake"?');
    expect(hintOf('spaceship')).toContain('such as "alpine lake", or an index from 0 to 2');
    expect(hintOf('spaceship', [])).toBe('Give one of its labels or an index from 0 to 2.');
    expect(hintOf('3')).toContain('0 to 2');
    expect(hintOf('-1')).toContain('0 to 2');
    expect(hintOf('99999999999')).toBeDefined();
  });
});
