/**
 * Locks between processes: a folder in which whoever wants the lock leaves a note. Who finds no other note but his own has
 * it; who finds one takes his own away. So two never have it at once, and a note that was left over can be removed by
 * anybody, because each note has a name of its own. The name says all, and the note is empty: there is no moment in which a
 * process that is killed leaves half of it.
 *
 * A holder touches his note again and again. It is left over when its process is gone, or when nobody has touched it for
 * long: process numbers are used again, and mean nothing on another machine that shares the disk.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, rmdir, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StudioError } from '../../app/base/errors.ts';
import { writeError } from './atomic-write.ts';
import { isProcessAlive } from './process-alive.ts';

const TOUCH_MS = 2_000;
/** Many times as long as a holder takes between two touches. */
const STALE_MS = 30_000;
/** Two that come at the same moment both step back, and come again at different moments. */
const TRIES = 5;
const MAX_PAUSE_MS = 50;

export interface FileLock {
  /** Gives the lock back; never throws. */
  release(): Promise<void>;
}

/**
 * @param path of the lock; its folder is made if need be
 * @param what is locked, for the sentence: `The download of var_d16.pth`
 * @throws StudioError in-use when another process, or another part of this one, holds it; unwritable
 */
export async function takeLock(path: string, what: string): Promise<FileLock> {
  const note = noteName(process.pid, hostname());
  for (let tries = 1; ; tries++) {
    await leaveNote(path, note);
    const others = await liveNotes(path);
    if (others.every((name) => name === note)) return hold(path, note);
    await removeNote(path, note);
    if (tries === TRIES) break;
    await delay(Math.random() * MAX_PAUSE_MS);
  }
  throw new StudioError('in-use', `${what} is already running.`, {
    hint: 'Perhaps in another window or a command line: wait for it, or stop it there.',
    detail: path,
  });
}

/** Runs `work` while the lock is held. Throws as `takeLock`, and what `work` throws. */
export async function withLock<T>(path: string, what: string, work: () => Promise<T>): Promise<T> {
  const lock = await takeLock(path, what);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

/** Whether somebody holds the lock. */
export async function isLocked(path: string): Promise<boolean> {
  return (await liveNotes(path)).length > 0;
}

/** Whose note it is: `<process>_<machine>_<unique>`. */
export function noteName(pid: number, host: string): string {
  return [pid, machineName(host), randomUUID()].join('_');
}

function machineName(host: string): string {
  return encodeURIComponent(host).replaceAll('_', '%5F');
}

async function leaveNote(path: string, note: string): Promise<void> {
  for (;;) {
    try {
      await mkdir(path, { recursive: true });
      return await writeFile(join(path, note), '', { flag: 'wx' });
    } catch (error) {
      // Somebody who gave the lock back has removed the empty folder in between.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw writeError(path, error);
    }
  }
}

/** Never throws. The folder goes with its last note. */
async function removeNote(path: string, note: string): Promise<void> {
  await rm(join(path, note), { force: true }).catch(() => {});
  await rmdir(path).catch(() => {});
}

/** Names of the notes of those who live; left-over ones are removed. */
async function liveNotes(path: string): Promise<string[]> {
  const names = await readdir(path).catch(() => []);
  const live = await Promise.all(
    names.map(async (name) => {
      if (!(await isLeftOver(path, name))) return [name];
      await removeNote(path, name);
      return [];
    }),
  );
  return live.flat();
}

async function isLeftOver(path: string, name: string): Promise<boolean> {
  const found = await stat(join(path, name)).catch(() => undefined);
  if (!found) return true;
  if (Date.now() - found.mtimeMs > STALE_MS) return true;
  const [pid = '', host] = name.split('_');
  return host === machineName(hostname()) && !isProcessAlive(pid);
}

function hold(path: string, note: string): FileLock {
  const touch = setInterval(() => {
    const now = new Date();
    // A note that cannot be touched gets old; whoever takes the lock then finds our work where it is.
    utimes(join(path, note), now, now).catch(() => {});
  }, TOUCH_MS);
  touch.unref();
  return {
    async release() {
      clearInterval(touch);
      await removeNote(path, note);
    },
  };
}
