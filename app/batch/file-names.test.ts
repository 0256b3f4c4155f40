import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NameCheck, parseTemplate, safeName } from './file-names.ts';

const VALUES = { n: '007', label: 'alpine lake', seed: 42, cfg: 1.5, more_smooth: true, model: 'starter' };

describe('templates', () => {
  it.each([
    ['{n}-{label}-{seed}', '007-alpine lake-42'],
    ['{label}/{seed}', 'alpine lake/42'],
    ['cfg {cfg}, smooth {more_smooth}', 'cfg 1.5, smooth true'],
    ['lake', 'lake'],
  ])('%s becomes %s', (template, name) => {
    expect(parseTemplate(template).fill(VALUES)).toBe(name);
  });

  it.each(['', '/etc/x', '../x', 'a//b', 'a/../b', 'a\\b', 'c:x', 'a?', 'nul', 'com1.x/y', '.hidden', 'a.', ' a'])(
    'refuses %j',
    (template) => {
      expect(() => parseTemplate(template)).toThrow('cannot be a name for pictures');
    },
  );

  it('names what it does not know', () => {
    const fill = () => parseTemplate('{sed}').fill(VALUES);
    expect(fill).toThrow(expect.objectContaining({ hint: expect.stringContaining('{seed}') }));
  });

  it('keeps values inside of their folder', () => {
    expect(parseTemplate('{label}/{n}').fill({ label: '../../etc', n: '1' })).toBe('__.._etc/1');
    expect(parseTemplate('{label}').fill({ label: 'CON' })).toBe('CON_');
    expect(parseTemplate('{label}').fill({ label: null })).toBe('none');
  });
});

it('makes names that every file system takes', () => {
  const odd = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 100 }),
    fc.stringMatching(/^[ ./\\:]{0,9}(con|nul|lpt1)?[ ./\\:]{0,9}$/),
  );
  fc.assert(
    fc.property(odd, (text) => {
      const name = safeName(text);
      expect(name).not.toMatch(/[<>:"/\\|?*\p{Cc}]|^\.|[. ]$|^$/u);
      expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
      expect(Buffer.byteLength(name)).toBeLessThan(200);
      expect(safeName(name)).toBe(name);
    }),
  );
});

it('finds names that meet, in any case and any way of writing an accent', () => {
  const check = new NameCheck();
  check.add('caf\u00e9', 1);
  check.add('lake', 2);
  expect(() => check.add('LAKE', 3)).toThrow('Pictures 2 and 3 would both be written to "LAKE"');
  expect(() => check.add('cafe\u0301', 4)).toThrow('Pictures 1 and 4');
});
