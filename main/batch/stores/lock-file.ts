/**
 * A lock between processes: a file that names who holds it. One whose process is gone, or which nobody has touched for a
 * while, is taken over.
 */
import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { StudioError } from '../../../app/base/errors.ts';
import { writeError } from '../../files/atomic-write.ts';

const HEARTBEAT_MS = 10_000;
/** Without a sign of life for so long, its holder is gone; clocks of machines that share a folder may differ a little. */
const STALE_MS = 90_000;
const ATTEMPTS = 5;

/** Locks of this process by path: a process's number is used again after it has died. */
const held = new Set<string>();

interface Holder {
  readonly pid: number;
  readonly host: string;
}

/**
 * @param place what is locked, in words
 * @returns gives the lock back
 * @throws StudioError in-use when somebody holds it
 */
export async function lockFile(path: string, place: string): Promise<() => Promise<void>> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (held.has(path)) break;
    if (await create(path)) return hold(path);
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    if (!(await isStale(path, text))) break;
    await takeAway(path, text);
  }
  throw new StudioError('in-use', `Another batch is at work in ${place}.`, {
    hint: 'Wait until it is done, stop it, or choose another folder.',
  });
}

async function create(path: string): Promise<boolean> {
  const holder: Holder = { pid: process.pid, host: hostname() };
  try {
    await writeFile(path, JSON.stringify(holder), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw writeError(path, error);
  }
}

function hold(path: string): () => Promise<void> {
  held.add(path);
  const beat = setInterval(() => {
    const now = new Date();
    // A folder that is away for a moment comes back; the batch itself finds out when it stays away.
    utimes(path, now, now).catch(() => {});
  }, HEARTBEAT_MS);
  beat.unref();
  return async () => {
    clearInterval(beat);
    held.delete(path);
    await rm(path, { force: true });
  };
}

async function isStale(path: string, text: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (!found || Date.now() - found.mtimeMs > STALE_MS) return true;
  const holder = parseHolder(text);
  // Half a text: its writer was killed, or is just writing it.
  if (!holder) return Date.now() - found.mtimeMs > 1000;
  return holder.host === hostname() && (holder.pid === process.pid || !isAlive(holder.pid));
}

/** Moved first: of several processes that find the same lock stale, one takes it away. */
async function takeAway(path: string, text: string): Promise<void> {
  const aside = `${path}.${randomUUID()}.partial`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const moved = await readFile(aside, 'utf8').catch(() => text);
  // Somebody was quicker, and this is their lock: they get it back.
  if (moved !== text) await rename(aside, path).catch(() => {});
  else await rm(aside, { force: true });
}

function parseHolder(text: string): Holder | undefined {
  try {
    const { pid, host } = JSON.parse(text);
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
