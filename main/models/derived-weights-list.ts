/**
 * The weights that were made for this machine, as files of the cache.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fields, type Parser, text } from '../../app/contracts/parse.ts';
import { DERIVED_WEIGHTS_FOLDER, type DerivedWeights } from '../engine/derived-weights.ts';
import { fileSize, filesBelow } from './file-places.ts';

export interface DerivedFile extends Partial<DerivedWeights> {
  readonly path: string;
  readonly size: number;
}

const ENDING = '.safetensors';
const parseNote: Parser<DerivedWeights> = fields<DerivedWeights>({ kind: text, source: text });

/** All of them; one without a note says nothing of itself. */
export async function listDerived(dataFolder: string): Promise<DerivedFile[]> {
  const files = await filesBelow(join(dataFolder, DERIVED_WEIGHTS_FOLDER));
  return Promise.all(
    files
      .filter((path) => path.endsWith(ENDING))
      .map(async (path) => {
        const note = await readNote(notePath(path));
        return { path, size: await fileSize(path), ...note };
      }),
  );
}

export async function removeDerived({ path }: Pick<DerivedFile, 'path'>): Promise<void> {
  await rm(path, { force: true });
  await rm(notePath(path), { force: true });
}

function notePath(path: string): string {
  return `${path.slice(0, -ENDING.length)}.json`;
}

async function readNote(path: string): Promise<DerivedWeights | undefined> {
  try {
    return parseNote(JSON.parse(await readFile(path, 'utf8')), 'note');
  } catch {
    return undefined;
  }
}
