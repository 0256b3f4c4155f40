/**
 * Keeps the models folder in order: what a model uses, what nobody uses, and what is damaged.
 */
import { readdir, realpath, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StudioError } from '../../app/base/errors.ts';
import type { ModelCard } from '../../app/catalog/model-card.ts';
import type { ModelFile, Orphan, VerifiedFile, WorkEvent } from '../../app/contracts/models-api.ts';
import { writeCard } from '../checkpoints/import-model.ts';
import { CARD_FILE, checkpointFiles, openModelFolder, readCard } from '../checkpoints/model-folder.ts';
import type { ModelEntry, ModelStore } from '../checkpoints/model-store.ts';
import { findTextTokenizer } from '../checkpoints/text-tokenizer-file.ts';
import { isLocked } from '../files/file-lock.ts';
import { hashFile } from '../files/hash-file.ts';
import { listDerived, removeDerived } from './derived-weights-list.ts';
import { FILES_FOLDER, fileSize, filesBelow, INSTALLS_FOLDER, isInside, placeOf } from './file-places.ts';
import { listRecords } from './install-record.ts';

/** The files of a model: by its card with the tokenizer beside a text encoder, or those in its folder. */
export async function filesOf(store: ModelStore, entry: ModelEntry): Promise<Omit<ModelFile, 'sharedWith'>[]> {
  const card = await readCard(entry.folder).catch(() => undefined);
  const paths = await pathsByRole(entry.folder, card);
  const models = await realpath(store.folders.models).catch(() => store.folders.models);
  return Promise.all(
    paths.map(async ([role, path]) => ({
      role,
      path,
      size: await fileSize(path),
      own: isInside(models, await realpath(path).catch(() => path)),
      sha256: card?.hashes?.[role] ?? null,
    })),
  );
}

async function pathsByRole(folder: string, card: ModelCard | undefined): Promise<(readonly [string, string])[]> {
  if (card?.files) {
    const paths = Object.entries(card.files).map(([role, file]) => [role, resolve(folder, file)] as const);
    const encoder = paths.find(([role]) => role === 'text-encoder')?.[1];
    const textTokenizer = encoder && (await findTextTokenizer(encoder));
    return textTokenizer ? [...paths, ['text-tokenizer', textTokenizer]] : paths;
  }
  const source = card ? undefined : await openModelFolder(folder).catch(() => undefined);
  const files = source?.source.files ?? (await checkpointFiles(folder).catch(() => []));
  return files.map((file) => [file, file] as const);
}

/** Which models use which file, by real path. */
export async function usersOfFiles(store: ModelStore): Promise<ReadonlyMap<string, readonly ModelEntry[]>> {
  const users = new Map<string, ModelEntry[]>();
  for (const entry of await store.list()) {
    for (const { path } of await filesOf(store, entry)) {
      const real = await realpath(path).catch(() => path);
      users.set(real, [...(users.get(real) ?? []), entry]);
    }
  }
  return users;
}

/** Throws `bad-request` for a model that came with Underpaint or lies in a folder of another program. */
export function refuseForeign(entry: ModelEntry): void {
  if (entry.builtIn || entry.shared) {
    throw new StudioError(
      'bad-request',
      entry.builtIn ? 'This model is a part of Underpaint.' : 'This model belongs to another program.',
      {
        hint: entry.builtIn
          ? 'It takes little space, so it stays.'
          : 'Remove its folder from the shared folders instead.',
      },
    );
  }
}

/** Takes a model away: its folder, and those of its files that lie in the models folder and that no other model uses. */
export async function removeModel(store: ModelStore, entry: ModelEntry): Promise<void> {
  const users = await usersOfFiles(store);
  const files = await filesOf(store, entry);
  // The card first: a model without its files would be a broken one, files without a card are orphans.
  await rm(join(entry.folder, CARD_FILE), { force: true });
  for (const { path, own } of files) {
    const others = (users.get(await realpath(path).catch(() => path)) ?? []).filter(({ id }) => id !== entry.id);
    if (own && others.length === 0) await rm(path, { force: true });
  }
  await rm(entry.folder, { recursive: true, force: true });
}

/** Told what is read just now. */
export type OnWork = (event: WorkEvent) => void;

/** Compares a model's files with the hashes that are known; what was not known before is from now on. */
export async function verifyModel(
  store: ModelStore,
  entry: ModelEntry,
  { signal, onWork }: { readonly signal: AbortSignal; readonly onWork: OnWork },
): Promise<VerifiedFile[]> {
  const files = await filesOf(store, entry);
  const total = files.reduce((sum, { size }) => sum + size, 0) || 1;
  const verified: VerifiedFile[] = [];
  const learnt: Record<string, string> = {};
  let before = 0;
  for (const { role, path, size, sha256 } of files) {
    const report = (done: number) =>
      onWork({ stage: 'verifying', share: (before + done) / total, on: entry.name || entry.id });
    const found = (await isFile(path)) ? await hashFile(path, { signal, onProgress: report }) : undefined;
    before += size;
    if (found !== undefined && sha256 === null) learnt[role] = found;
    verified.push({ model: entry.id, path, result: resultOf(found, sha256) });
  }
  if (Object.keys(learnt).length > 0 && !entry.builtIn && !entry.shared) await rememberHashes(entry.folder, learnt);
  return verified;
}

function resultOf(found: string | undefined, known: string | null): VerifiedFile['result'] {
  if (found === undefined) return 'missing';
  if (known === null) return 'unknown';
  return found === known.toLowerCase() ? 'good' : 'damaged';
}

async function rememberHashes(folder: string, learnt: Readonly<Record<string, string>>): Promise<void> {
  const card = await readCard(folder);
  if (card) await writeCard(folder, { ...card, hashes: { ...card.hashes, ...learnt } });
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** What lies in the models folder and in the cache, and belongs to nothing any more. */
export async function findOrphans(store: ModelStore, dataFolder: string): Promise<Orphan[]> {
  const models = await realpath(store.folders.models).catch(() => store.folders.models);
  const users = await usersOfFiles(store);
  const records = await listRecords(models);
  const awaited = new Set(records.flatMap(({ files }) => files.map((file) => placeOf(models, file))));
  const orphans: Orphan[] = [];
  const add = async (path: string, kind: Orphan['kind']) => orphans.push({ path, kind, size: await fileSize(path) });

  for (const path of await filesBelow(join(models, FILES_FOLDER))) {
    const target = path.replace(/(\.part(\.json(\.new)?)?|\.lock\/.*)$/, '');
    const isRest = target !== path;
    if (awaited.has(target) || (await isLocked(`${target}.lock`))) continue;
    if (isRest) await add(path, 'download');
    else if (!users.has(path)) await add(path, 'checkpoint');
  }
  for (const { path, source } of await listDerived(dataFolder)) {
    if (source === undefined || !users.has(source)) await add(path, 'weights');
  }
  for (const folder of await foldersWithoutCard(models)) orphans.push({ path: folder, kind: 'folder', size: 0 });
  return orphans;
}

/** What an import left that was killed: a folder with nothing or half a card in it. */
async function foldersWithoutCard(models: string): Promise<string[]> {
  const entries = await readdir(models, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter(
    (entry) => entry.isDirectory() && entry.name !== FILES_FOLDER && entry.name !== INSTALLS_FOLDER,
  );
  const empty = await Promise.all(
    folders.map(async ({ name }) => {
      const folder = join(models, name);
      const inside = await readdir(folder);
      return inside.every((file) => file.endsWith('.partial')) ? [folder] : [];
    }),
  );
  return empty.flat();
}

/** Takes orphans away; what is none, or has become used in the meantime, stays. */
export async function removeOrphans(store: ModelStore, dataFolder: string, paths: readonly string[]): Promise<void> {
  const orphans = new Map((await findOrphans(store, dataFolder)).map((orphan) => [orphan.path, orphan]));
  for (const path of paths) {
    const orphan = orphans.get(path);
    if (orphan?.kind === 'weights') await removeDerived(orphan);
    else if (orphan) await rm(path, { recursive: true, force: true });
  }
}
