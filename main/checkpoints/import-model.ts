/**
 * Makes checkpoint files a model of this machine. They are used where they lie: only a card is written.
 */
import { mkdir, realpath, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StudioError } from '../../app/base/errors.ts';
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
  request: ImportRequest,
): Promise<ImportResult> {
  const { parts, family } = identifyModel(await Promise.all(request.files.map(openFile)));
  const files = Object.fromEntries(parts.map(({ role, index }) => [role, index.file]));
  const id = request.id ?? idFromFileName(basename(files.transformer ?? parts[0]!.index.file));
  const folder = store.folderOf(id);
  await refuseTakenId(store, { id, folder, files });

  const source: ModelSource = { id, files: Object.values(files), labels: [], defaults: {}, preview: undefined };
  const { title, classes } = await engine.describe(source);
  const labels = knownLabels(classes);
  const card: ModelCard = { id, name: title, family: family.id, files, ...(labels && { labels }) };
  await writeCard(folder, card);
  return { folder, ...(await addPreview(folder, card, engine, { ...source, labels: namesOf(labels) })) };
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
  const same = known?.files && Object.entries(files).every(([role, file]) => known.files?.[role] === file);
  if (known && !same) {
    throw new StudioError('bad-request', `There is already a model "${id}" with other files.`, {
      hint: `${hint} To replace it, delete ${folder} first.`,
    });
  }
}

async function addPreview(
  folder: string,
  card: ModelCard,
  engine: ImportEngine,
  source: ModelSource,
): Promise<Pick<ImportResult, 'card' | 'previewProblem'>> {
  try {
    const complete = { ...card, preview: await engine.fitPreview(source) };
    await writeCard(folder, complete);
    return { card: complete, previewProblem: undefined };
  } catch (error) {
    if (error instanceof StudioError) return { card, previewProblem: error };
    throw error;
  }
}

async function writeCard(folder: string, card: ModelCard): Promise<void> {
  const created = await mkdir(folder, { recursive: true });
  try {
    await writeFileAtomic(join(folder, CARD_FILE), `${JSON.stringify(card, null, 2)}\n`);
  } catch (error) {
    if (created) await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
