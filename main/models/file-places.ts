/**
 * Where downloaded files lie in the models folder: `files/<owner--repository>/<name>`, so that models share what they have
 * in common, and files of the same name from different places stay apart.
 */
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { PublishedFile } from '../../app/catalog/published-model.ts';

/** Folder of downloaded files, in the models folder. */
export const FILES_FOLDER = 'files';
/** Folder of the notes about installs that are not done, in the models folder. */
export const INSTALLS_FOLDER = 'installs';

const UNSAFE = /[^\w.-]+/g;

export function placeOf(modelsFolder: string, { at, name }: Pick<PublishedFile, 'at' | 'name'>): string {
  const origin = 'repo' in at ? at.repo.replace('/', '--') : new URL(at.url).host;
  return join(modelsFolder, FILES_FOLDER, safeName(origin), safeName(name));
}

/** A name that no file system minds, and that leads nowhere else. */
function safeName(name: string): string {
  return name.replace(UNSAFE, '_').replace(/^\.+/, '_').slice(0, 120) || '_';
}

/** Where it comes from, for people. */
export function hostOf({ at }: Pick<PublishedFile, 'at'>): string {
  return 'repo' in at ? `huggingface.co/${at.repo}` : new URL(at.url).host;
}

/** Every file below a folder; none when there is no such folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

export async function fileSize(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !way.startsWith('..') && way !== path;
}
