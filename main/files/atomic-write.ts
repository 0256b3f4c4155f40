/**
 * Writes that happen wholly or not at all: a temporary file beside the target, flushed, then renamed over it.
 */
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StudioError } from '../../app/base/errors.ts';

/** Throws `disk-full` or `unwritable`; nothing is left behind then. */
export function writeFileAtomic(path: string, bytes: Uint8Array | string): Promise<void> {
  return writeAtomic(path, async (file) => {
    await file.writeFile(bytes);
  });
}

/** As `writeFileAtomic`, for contents that come in parts. What `write` throws is thrown on. */
export async function writeAtomic(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const temporary = join(dirname(path), `.${randomUUID()}.partial`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw writeError(path, error);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'its disk is read-only',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder is not a folder',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'its name is too long',
};

/** A failed write as a `StudioError`; anything that is not a failed write is returned as it is. */
export function writeError(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (error instanceof StudioError || typeof code !== 'string') return error;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new StudioError('disk-full', `There is no space left for ${path}.`, {
      hint: 'Free some space, or choose another folder.',
      cause: error,
    });
  }
  return new StudioError('unwritable', `${path} cannot be written: ${REASONS[code] ?? code}.`, {
    hint: 'Choose another place.',
    cause: error,
  });
}
