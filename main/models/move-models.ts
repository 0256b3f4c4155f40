/**
 * Moves the models folder, perhaps to another disk: everything is copied first, and the old folder goes only when the new
 * one is in use.
 */
import { copyFile, mkdir, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { cancelled, StudioError } from '../../app/base/errors.ts';
import { writeError } from '../files/atomic-write.ts';
import { requireSpace } from '../files/free-space.ts';
import { filesBelow } from './file-places.ts';
import type { OnWork } from './housekeeping.ts';

export interface Move {
  readonly from: string;
  readonly to: string;
  readonly signal: AbortSignal;
  readonly onWork: OnWork;
  /** Looks into the new folder from now on. */
  use(): Promise<void>;
}

/**
 * @throws StudioError bad-request for a place that makes no sense, disk-full, unwritable, cancelled; models are then where
 *   they were, and nothing is left at the new place
 */
export async function moveModels(move: Move): Promise<void> {
  const { from, to } = move;
  await refuseBadPlace(from, to);
  const isThere = (await stat(from).catch(() => undefined)) !== undefined;
  if (isThere && (await renameAtOnce(move))) return;
  const existed = (await stat(to).catch(() => undefined)) !== undefined;
  try {
    await copyAll(move);
    await move.use();
  } catch (error) {
    if (existed) await emptyFolder(to);
    else await rm(to, { recursive: true, force: true });
    throw writeError(to, error);
  }
  if (isThere) await rm(from, { recursive: true, force: true });
}

async function refuseBadPlace(from: string, to: string): Promise<void> {
  const refuse = (why: string, hint = 'Choose an empty folder.') => {
    throw new StudioError('bad-request', why, { hint });
  };
  if (!isAbsolute(to)) refuse(`"${to}" is not the full path of a folder.`);
  const real = await realpath(from).catch(() => from);
  const way = relative(real, await realpath(to).catch(() => to));
  if (way === '') refuse('The models are there already.');
  if (!way.startsWith('..') && !isAbsolute(way)) refuse('The new folder lies inside the old one.');
  const names = await readdir(to).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR') refuse(`${to} is a file.`);
    return [];
  });
  if (names.length > 0) refuse(`${to} is not empty.`);
}

/** On the same disk nothing needs to be copied. Returns false when it is another one. */
async function renameAtOnce({ from, to, use }: Move): Promise<boolean> {
  await mkdir(dirname(to), { recursive: true }).catch((error) => {
    throw writeError(to, error);
  });
  try {
    await rename(from, to);
  } catch {
    return false;
  }
  try {
    await use();
  } catch (error) {
    await rename(to, from);
    throw error;
  }
  return true;
}

async function copyAll({ from, to, signal, onWork }: Move): Promise<void> {
  await mkdir(to, { recursive: true });
  const files = await filesBelow(from);
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  await requireSpace(to, total);
  let done = 0;
  for (const [at, file] of files.entries()) {
    if (signal.aborted) throw cancelled();
    const target = join(to, relative(from, file));
    onWork({ stage: 'copying', share: total === 0 ? 1 : done / total, on: relative(from, file) });
    await mkdir(dirname(target), { recursive: true });
    await copyFile(file, target);
    if ((await stat(target)).size !== sizes[at])
      throw new StudioError('unwritable', `${target} was not copied in full.`);
    done += sizes[at] ?? 0;
  }
}

async function emptyFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
}
