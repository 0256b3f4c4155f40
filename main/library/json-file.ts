/**
 * Small JSON files of the program: read with care, written wholly or not at all.
 */
import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join, parse as parsePath } from 'node:path';
import { StudioError } from '../../app/base/errors.ts';
import { writeError, writeFileAtomic } from '../files/atomic-write.ts';

/** Far above what the program writes. */
const MAX_BYTES = 256 * 2 ** 20;

/**
 * Reads a file. One that is damaged (no JSON, or `parse` throws) is moved to `<name>.broken.<ending>` beside it.
 *
 * @returns undefined when there is no file, or a damaged one
 * @throws StudioError corrupt-input when the file may not be read, unwritable when a damaged one cannot be moved
 */
export async function loadJson<T>(path: string, parse: (value: unknown) => T): Promise<T | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  try {
    return parse(JSON.parse(text));
  } catch {
    await moveTo(brokenPath(path), path);
    return undefined;
  }
}

/** Makes the folder if need be. Throws `unwritable` or `disk-full`, and leaves what was there. */
export async function saveJsonText(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
  } catch (error) {
    throw writeError(path, error);
  }
  await writeFileAtomic(path, text);
}

/** Where a damaged file is kept: `settings.json` becomes `settings.broken.json`. */
export function brokenPath(path: string): string {
  const { dir, name, ext } = parsePath(path);
  return join(dir, `${name}.broken${ext}`);
}

async function readText(path: string): Promise<string | undefined> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) return '';
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new StudioError('corrupt-input', `${path} cannot be read: ${code}.`, {
      hint: 'Check that you may read it, or move it away.',
      cause,
    });
  }
}

async function moveTo(target: string, path: string): Promise<void> {
  try {
    await rename(path, target);
  } catch (error) {
    throw writeError(target, error);
  }
}
