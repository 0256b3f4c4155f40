import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { sessionThreads } from './threads.ts';

it('takes what is asked for', () => {
  expect(sessionThreads('3')).toBe(3);
});

it.each(['0', '-1', '1.5', 'many', '100000'])('refuses %s', (asked) => {
  expect(() => sessionThreads(asked)).toThrow('UNDERPAINT_THREADS');
});

it('never takes more than the process may use', () => {
  const threads = sessionThreads('');
  expect(threads).toBeGreaterThanOrEqual(process.platform === 'linux' && process.arch === 'x64' ? 1 : 0);
  expect(threads).toBeLessThanOrEqual(availableParallelism());
});
