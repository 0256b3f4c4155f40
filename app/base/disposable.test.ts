import { expect, it } from 'vitest';
import { disposable, disposeTogether } from './disposable.ts';

it('tears down once, the last part first', () => {
  const seen: string[] = [];
  const both = disposeTogether(
    disposable(() => seen.push('a')),
    disposable(() => seen.push('b')),
  );
  both.dispose();
  both.dispose();
  expect(seen).toEqual(['b', 'a']);
});
