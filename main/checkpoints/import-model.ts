/**
 * Makes checkpoint files a model of this machine. They are used where they lie: only a card is written.
 */
import { mkdir, realpath, rm } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import { isCancelled, StudioError } from '../../app/base/errors.ts';
import { idFromFileName, knownLabels, type ModelCard, namesOf } from '../../app/catalog/model-card.ts';
import type { ModelSource } from '../../app/contracts/engine-api.ts';
import type { ModelDescription } from '../../app/generation/request.ts';
import { identifyModel } from '../../native-models/registry.ts';
import { writeFileAtomic } from '../files/atomic-write.ts';
import { CARD_FILE, readCard } from './model-folder.ts';
import type { ModelStore } from './model-store.ts';
import { openCheckpoint } from './open-checkpoint.ts';

export interface ImportRequest {
  /** Checkpoint files in any order. */
  readonly files: readonly string[];
  /** Without it, the transformer's file name without its extension. */
  readonly id: string | undefined;
  /** What is known of it from elsewhere. */
  readonly facts?: Pick<ModelCard, 'license' | 'licenseUrl'> & {
    readonly name?: string | undefined;
    /** SHA-256 by path. */
    readonly hashes?: ReadonlyMap<string, string> | undefined;
  };
}

/** What the engine does for an import. */
export interface ImportEngine {
  describe(source: ModelSource): Promise<ModelDescription>;
  fitPreview(source: ModelSource): Promise<readonly number[]>;
}

export interface ImportResult {
  readonly card: ModelCard;
  readonly folder: string;
  /** Why the preview could not be fitted; the model works without it, its previews start later. */
  readonly previewProblem: StudioError | undefined;
}

/**
 * @throws StudioError missing-file, not-a-model, mismatched-files, corrupt-checkpoint, or bad-request when the id is
 *   taken; nothing is written then
 */
export async function importModel(
  store: ModelStore,
  engine: ImportEngine,
  { files: given, id: wantedId, facts = {} }: ImportRequest,
): Promise<ImportResult> {
  const { parts, family } = identifyModel(await Promise.all(given.map(openFile)));
  const files = Object.fromEntries(parts.map(({ role, index }) => [role, index.file]));
  const id = wantedId ?? idFromFileName(basename(files.transformer ?? parts[0]!.index.file));
  const folder = store.folderOf(id);
  await refuseTakenId(store, { id, folder, files });

  const source: ModelSource = { id, files: Object.values(files), labels: [], defaults: {}, preview: undefined };
  const { title, classes } = await engine.describe(source);
  const labels = knownLabels(classes);
  const { preview, previewProblem } = await tryPreview(engine, { ...source, labels: namesOf(labels) });
  const hashes = Object.entries(files).flatMap(([role, file]) => {
    const hash = facts.hashes?.get(file);
    return hash === undefined ? [] : [[role, hash]];
  });
  const models = await realpath(store.folders.models).catch(() => store.folders.models);
  const card: ModelCard = {
    id,
    name: facts.name ?? title,
    family: family.id,
    files: Object.fromEntries(Object.entries(files).map(([role, file]) => [role, pathInCard(models, folder, file)])),
    ...(labels && { labels }),
    ...(facts.license && { license: facts.license }),
    ...(facts.licenseUrl && { licenseUrl: facts.licenseUrl }),
    ...(hashes.length > 0 && { hashes: Object.fromEntries(hashes) }),
    ...(preview && { preview }),
  };
  await writeCard(folder, card);
  return { card, folder, previewProblem };
}

/** Relative for files in the models folder, so that it can be moved as a whole. */
function pathInCard(models: string, folder: string, file: string): string {
  const inside = !relative(models, file).startsWith('..') && !isAbsolute(relative(models, file));
  return inside ? relative(join(models, basename(folder)), file).replaceAll('\\', '/') : file;
}

async function openFile(file: string) {
  const path = await realpath(file).catch(() => {
    throw new StudioError('missing-file', `There is no file ${file}.`, { hint: 'Check the path.' });
  });
  return openCheckpoint(path);
}

async function refuseTakenId(
  store: ModelStore,
  { id, folder, files }: { id: string; folder: string; files: Readonly<Record<string, string>> },
): Promise<void> {
  const hint = 'Choose another id with --id NAME.';
  const entry = (await store.list()).find((model) => model.id === id);
  if (entry && entry.folder !== folder) {
    throw new StudioError('bad-request', `The id "${id}" belongs to another model.`, { hint });
  }
  const known = await readCard(folder).catch(() => undefined);
  const same =
    known?.files && Object.entries(files).every(([role, file]) => resolve(folder, known.files?.[role] ?? '') === file);
  if (known && !same) {
    throw new StudioError('bad-request', `There is already a model "${id}" with other files.`, {
      hint: `${hint} To replace it, delete ${folder} first.`,
    });
  }
}

async function tryPreview(
  engine: ImportEngine,
  source: ModelSource,
): Promise<Pick<ModelCard, 'preview'> & Pick<ImportResult, 'previewProblem'>> {
  try {
    return { preview: await engine.fitPreview(source), previewProblem: undefined };
  } catch (error) {
    if (error instanceof StudioError && !isCancelled(error)) return { previewProblem: error };
    throw error;
  }
}

/** Replaces the card at once; a folder that was made for it alone goes when it cannot be written. */
export async function writeCard(folder: string, card: ModelCard): Promise<void> {
  const created = await mkdir(folder, { recursive: true });
  try {
    await writeFileAtomic(join(folder, CARD_FILE), `${JSON.stringify(card, null, 2)}\n`);
  } catch (error) {
    if (created) await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
