/**
 * The note about an install that is not done: what is wanted, and whether it goes on by itself. It lies in the models
 * folder, a file for each install, so that several programs see the same.
 */
import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isModelId } from '../../app/catalog/model-card.ts';
import type { License, PublishedFile } from '../../app/catalog/published-model.ts';
import {
  either,
  fields,
  flag,
  integer,
  list,
  nullable,
  oneOf,
  optional,
  type Parser,
  text,
} from '../../app/contracts/parse.ts';
import { saveJsonText } from '../library/json-file.ts';
import { filesBelow, INSTALLS_FOLDER } from './file-places.ts';

/** A file that is wanted. */
export interface WantedFile extends Omit<PublishedFile, 'role' | 'license' | 'sha256'> {
  /** SHA-256 that it must have: its publisher's, or the one that the hub told first. */
  readonly sha256?: string | undefined;
  /** Whether the hash is the hub's word, which may change with the file. */
  readonly learnt?: boolean | undefined;
}

export interface InstallRecord {
  /** The model's id when it is done; for addresses without a card, a name made of the file. */
  readonly id: string;
  readonly name: string;
  readonly files: readonly WantedFile[];
  /** Files of this machine that belong to it, and are used where they lie. */
  readonly own?: readonly string[] | undefined;
  readonly license: License | null;
  /** Whether it waits for the person. */
  readonly paused: boolean;
}

const license: Parser<License> = fields<License>({
  id: nullable(text),
  kind: oneOf('free', 'non-commercial', 'none'),
  url: text,
});

const at: Parser<WantedFile['at']> = either(
  fields<{ repo: string; path: string }>({ repo: text, path: text }),
  fields<{ url: string }>({ url: text }),
  'a repository and a path, or an address',
);

const parseRecord: Parser<InstallRecord> = fields<InstallRecord>({
  id: text,
  name: text,
  files: list(
    fields<WantedFile>({
      name: text,
      size: integer(0, Number.MAX_SAFE_INTEGER),
      at,
      sha256: optional(text),
      learnt: optional(flag),
    }),
  ),
  own: optional(list(text)),
  license: nullable(license),
  paused: flag,
});

export function recordPath(modelsFolder: string, id: string): string {
  return join(modelsFolder, INSTALLS_FOLDER, `${id}.json`);
}

export function installLockPath(modelsFolder: string, id: string): string {
  return join(modelsFolder, INSTALLS_FOLDER, `${id}.lock`);
}

/** What makes no sense is left out. */
export async function listRecords(modelsFolder: string): Promise<InstallRecord[]> {
  const paths = (await filesBelow(join(modelsFolder, INSTALLS_FOLDER))).filter((path) => path.endsWith('.json'));
  const records = await Promise.all(paths.sort().map((path) => readRecord(modelsFolder, basename(path, '.json'))));
  return records.filter((record) => record !== undefined);
}

export async function readRecord(modelsFolder: string, id: string): Promise<InstallRecord | undefined> {
  try {
    const record = parseRecord(JSON.parse(await readFile(recordPath(modelsFolder, id), 'utf8')), 'install');
    return record.id === id && isModelId(id) ? record : undefined;
  } catch {
    return undefined;
  }
}

export function writeRecord(modelsFolder: string, record: InstallRecord): Promise<void> {
  return saveJsonText(recordPath(modelsFolder, record.id), `${JSON.stringify(record, null, 2)}\n`);
}

export async function removeRecord(modelsFolder: string, id: string): Promise<void> {
  await rm(recordPath(modelsFolder, id), { force: true });
}
