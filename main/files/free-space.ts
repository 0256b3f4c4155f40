/**
 * Room on a disk.
 */
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StudioError } from '../../app/base/errors.ts';
import { formatBytes } from '../../app/base/format-bytes.ts';

/** What is left alone, so that the system and autosave do not run out of room. */
const RESERVE_BYTES = 256 * 2 ** 20;

/** Bytes that may be written below `path`, which need not exist yet; undefined where the system does not say. */
export async function freeBytes(path: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch (error) {
    const parent = dirname(path);
    const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return gone && parent !== path ? freeBytes(parent) : undefined;
  }
}

/** Throws `disk-full` when fewer than `needed` bytes, and a reserve, are free for `path`. */
export async function requireSpace(path: string, needed: number): Promise<void> {
  const free = await freeBytes(path);
  if (free === undefined || needed === 0 || needed + RESERVE_BYTES <= free) return;
  throw new StudioError(
    'disk-full',
    `There is not enough space: ${formatBytes(needed)} are needed, ${formatBytes(free)} are free at ${path}.`,
    { hint: 'Free some space, or move the models folder to another disk.' },
  );
}
