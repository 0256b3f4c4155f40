import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isLocked, noteName, takeLock, withLock } from './file-lock.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'underpaint-lock-'));
  path = join(folder, 'deeper', 'x.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;

it('is held by one, and given back', async () => {
  const lock = await takeLock(path, 'The move');
  expect(await isLocked(path)).toBe(true);
  await expect(takeLock(path, 'The move')).rejects.toMatchObject({
    code: 'in-use',
    message: 'The move is already running.',
  });
  await lock.release();
  await lock.release();
  expect(await isLocked(path)).toBe(false);
  await withLock(path, 'x', async () => expect(existsSync(path)).toBe(true));
  expect(readdirSync(join(folder, 'deeper'))).toEqual([]);
});

it('is given back when the work fails', async () => {
  await expect(
    withLock(path, 'x', async () => {
      throw new RangeError('no');
    }),
  ).rejects.toThrow(RangeError);
  expect(await isLocked(path)).toBe(false);
});

/** A note in the lock, as of another process. */
function leave(name: string): string {
  mkdirSync(path, { recursive: true });
  const note = join(path, name);
  writeFileSync(note, '');
  return note;
}

it('of a process that is gone is taken away, by one alone', async () => {
  leave(noteName(deadPid(), hostname()));
  const tries = await Promise.allSettled(Array.from({ length: 6 }, () => takeLock(path, 'x')));
  const held = tries.filter((result) => result.status === 'fulfilled');
  expect(held.length).toBeLessThanOrEqual(1);
  for (const { value } of held) await value.release();
  await (await takeLock(path, 'x')).release();
  expect(existsSync(path)).toBe(false);
});

it('is had by one after the other when many want it', async () => {
  let inside = 0;
  let turns = 0;
  const worker = async () => {
    for (let left = 5; left > 0; ) {
      const lock = await takeLock(path, 'x').catch(() => undefined);
      if (!lock) continue;
      expect(++inside).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 1));
      inside--;
      turns++;
      left--;
      await lock.release();
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  expect(turns).toBe(15);
});

it('of another machine, or of nobody that is known, counts until it is old', async () => {
  for (const name of [noteName(deadPid(), 'else_where'), 'note']) {
    const note = leave(name);
    await expect(takeLock(path, 'x')).rejects.toMatchObject({ code: 'in-use' });
    const old = new Date(statSync(note).mtimeMs - 60_000);
    utimesSync(note, old, old);
    await (await takeLock(path, 'x')).release();
  }
});
