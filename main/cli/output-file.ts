/**
 * Whether an output can be written, found out before minutes of work are spent on it.
 */
import { access, constants, mkdir, open, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StudioError } from '../../app/base/errors.ts';
import { newId } from '../../app/base/ids.ts';
import { writeError } from '../files/atomic-write.ts';

/**
 * Checks that a file can be written or replaced. Nothing stays behind.
 *
 * @throws StudioError unwritable or disk-full
 */
export async function probeOutput(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found && !found.isFile()) {
    const what = found.isDirectory() ? 'a folder' : 'not a file';
    throw new StudioError('unwritable', `${path} is ${what}.`, { hint: 'Give the name of a file.' });
  }
  if (found) await access(path, constants.W_OK).catch((error) => Promise.reject(unwritable(path, error)));
  await probeFolder(dirname(path));
}

/** Creates a folder for outputs where it is missing, and checks that files can be written into it. */
export async function prepareFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error) => Promise.reject(unwritable(path, error)));
  await probeFolder(path);
}

async function probeFolder(folder: string): Promise<void> {
  const probe = join(folder, `.underpaint-${newId()}`);
  try {
    await (await open(probe, 'wx')).close();
    await unlink(probe);
  } catch (error) {
    throw unwritable(folder, error as NodeJS.ErrnoException);
  }
}

function unwritable(path: string, error: NodeJS.ErrnoException): unknown {
  const options = { cause: error, hint: 'Create it first, or choose another place.' };
  if (error.code === 'ENOENT') return new StudioError('unwritable', `There is no folder ${path}.`, options);
  if (error.code === 'ENOTDIR' || error.code === 'EEXIST') {
    return new StudioError('unwritable', `${path} is not a folder.`, { cause: error, hint: 'Choose another place.' });
  }
  return writeError(path, error);
}
