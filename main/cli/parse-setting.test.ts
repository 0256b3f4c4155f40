import { expect, it } from 'vitest';
import { collectSetting } from './parse-setting.ts';

it.each([
  ['steps=20', { steps: 20 }],
  ['cfg=1.5', { cfg: 1.5 }],
  ['annealed=off', { annealed: false }],
  ['annealed=True', { annealed: true }],
  ['solver=ab2', { solver: 'ab2' }],
  ['solver=', { solver: '' }],
  ['a=b=c', { a: 'b=c' }],
])('reads %s', (text, settings) => {
  expect(collectSetting(text)).toEqual(settings);
});

it('puts later ones over earlier ones', () => {
  expect(collectSetting('a=2', { a: 1, b: true })).toEqual({ a: 2, b: true });
});

it.each(['steps', '=3', ''])('refuses "%s"', (text) => {
  expect(() => collectSetting(text)).toThrow(`--set must be name=value, not "${text}"`);
});
