import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { mergeStreams } from './merge-streams.ts';

async function* counting(name: string, count: number, ended: string[] = []): AsyncGenerator<string> {
  try {
    for (let i = 0; i < count; i++) {
      await delay(1);
      yield `${name}${i}`;
    }
  } finally {
    ended.push(name);
  }
}

async function collect(stream: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const value of stream) all.push(value);
  return all;
}

it('yields all of all sources, each in its order', async () => {
  const all = await collect(mergeStreams([counting('a', 3), counting('b', 0), counting('c', 4)], 2));
  expect(all.toSorted()).toEqual(['a0', 'a1', 'a2', 'c0', 'c1', 'c2', 'c3']);
  for (const name of ['a', 'c']) {
    const own = all.filter((value) => value.startsWith(name));
    expect(own).toEqual(own.toSorted());
  }
});

it('runs no more at a time than it may', async () => {
  const all = await collect(mergeStreams([counting('a', 2), counting('b', 2), counting('c', 1)], 1));
  expect(all).toEqual(['a0', 'a1', 'b0', 'b1', 'c0']);
});

it('ends what runs when nobody wants more, and begins nothing else', async () => {
  const ended: string[] = [];
  for await (const _ of mergeStreams([counting('a', 9, ended), counting('b', 9, ended), counting('c', 9, ended)], 2))
    break;
  expect(ended.toSorted()).toEqual(['a', 'b']);
});

it('fails with what fails, after the others have ended', async () => {
  const ended: string[] = [];
  // biome-ignore lint/correctness/useYield: it fails before.
  async function* failing(): AsyncGenerator<string> {
    throw new Error('no');
  }
  await expect(collect(mergeStreams([counting('a', 9, ended), failing()], 2))).rejects.toThrow('no');
  expect(ended).toEqual(['a']);
});
