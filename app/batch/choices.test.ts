import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { literalText, parseChoices } from './choices.ts';

const all = (text: string) => {
  const { count, at } = parseChoices(text);
  return Array.from({ length: count }, (_, index) => at(index));
};

it.each<[string, string[]]>([
  ['lake', ['lake']],
  ['', ['']],
  ['{alpine lake|desert}', ['alpine lake', 'desert']],
  ['a {red|blue} {house|boat}', ['a red house', 'a red boat', 'a blue house', 'a blue boat']],
  ['{|very }deep', ['deep', 'very deep']],
  ['{a|{b|c} d}', ['a', 'b d', 'c d']],
  ['1..4', ['1', '2', '3', '4']],
  ['3..1', ['3', '2', '1']],
  ['0..1 step 0.25', ['0', '0.25', '0.5', '0.75', '1']],
  ['0..0.3 step 0.1', ['0', '0.1', '0.2', '0.3']],
  ['-1..1', ['-1', '0', '1']],
  ['{1..2|7}', ['1', '2', '7']],
  ['seed 1..3', ['seed 1..3']],
  ['a|b', ['a|b']],
  ['\\{a\\|b\\}', ['{a|b}']],
  ['C:\\models\\tiny', ['C:\\models\\tiny']],
])('%j stands for %j', (text, expected) => {
  expect(all(text)).toEqual(expected);
});

it.each(['{a|b', 'a}', '{{a}', '1..5 step 0', `${'{'.repeat(20)}a${'}'.repeat(20)}`, 'x'.repeat(20_001)])(
  'refuses %.30s',
  (text) => {
    expect(() => parseChoices(text)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  },
);

describe('counting', () => {
  it('does not expand', () => {
    const { count, at } = parseChoices('{1..1000} and {1..1000} and {1..1000}');
    expect(count).toBe(1e9);
    expect(at(999_999_999)).toBe('1000 and 1000 and 1000');
  });

  it('refuses what cannot be counted', () => {
    expect(() => parseChoices('{1..1000000000}{1..1000000000}')).toThrow(/more pictures than can be counted/);
  });
});

it('takes any text literally that is written so', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9.{}|\\]{0,12}$/)), (text) => {
      expect(all(literalText(text))).toEqual([text]);
    }),
  );
});

/** Texts with all their choices, made together. */
const written = fc.letrec<{ text: [string, string[]]; part: [string, string[]] }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.stringMatching(/^[a-z ]{1,4}$/).map((word): [string, string[]] => [word, [word]]),
    fc
      .array(tie('text'), { minLength: 1, maxLength: 3 })
      .map((texts): [string, string[]] => [
        `{${texts.map(([text]) => text).join('|')}}`,
        texts.flatMap(([, choices]) => choices),
      ]),
  ),
  text: fc
    .array(tie('part'), { minLength: 1, maxLength: 3 })
    .map((parts): [string, string[]] => [
      parts.map(([text]) => text).join(''),
      parts.reduce<string[]>((made, [, choices]) => made.flatMap((start) => choices.map((end) => start + end)), ['']),
    ]),
}));

it('makes every combination once, the last alternatives first', () => {
  fc.assert(
    fc.property(written.text, ([text, choices]) => {
      fc.pre(choices.length <= 1000);
      expect(all(text)).toEqual(choices);
    }),
  );
});
