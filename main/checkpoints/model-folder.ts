/**
 * A model's folder: a `card.json` that says what it is, or only checkpoint files that are recognised from their contents.
 */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { StudioError, toStudioError } from '../../app/base/errors.ts';
import { idFromFileName, type ModelCard, namesOf, parseLabels, parseModelCard } from '../../app/catalog/model-card.ts';
import type { ModelSource } from '../../app/contracts/engine-api.ts';
import type { Parser } from '../../app/contracts/parse.ts';
import type { Part } from '../../native-models/model-family.ts';
import { identify, identifyModel } from '../../native-models/registry.ts';
import { openCheckpoint } from './open-checkpoint.ts';

export const CARD_FILE = 'card.json';
const LABELS_FILE = 'labels.json';
const CHECKPOINT_EXTENSIONS = ['.pth', '.pt', '.bin', '.ckpt', '.safetensors'];
/** A thousand labels and a preview map take about 20 KB. */
const MAX_JSON_BYTES = 4 * 2 ** 20;

/** A model that is ready to be handed to the engine. */
export interface Model {
  readonly card: ModelCard;
  readonly folder: string;
  readonly source: ModelSource;
}

/** The card of a folder, or undefined when it has none. Throws `corrupt-input` when it makes no sense. */
export async function readCard(folder: string): Promise<ModelCard | undefined> {
  return readJson(join(folder, CARD_FILE), parseModelCard);
}

/**
 * Opens a model's folder.
 *
 * @throws StudioError not-a-model, missing-file, mismatched-files, corrupt-checkpoint or corrupt-input
 */
export async function openModelFolder(path: string): Promise<Model> {
  const folder = await realpath(path);
  const card = await readCard(folder);
  const files = card?.files ? await namedFiles(folder, card.files) : await recognisedFiles(folder);
  const complete = card ?? (await cardOfFiles(folder, files));
  return { card: complete, folder, source: await sourceOf(complete, folder, files) };
}

async function sourceOf(card: ModelCard, folder: string, files: readonly string[]): Promise<ModelSource> {
  const labels = card.labels ?? (await readJson(join(folder, LABELS_FILE), parseLabels))?.labels;
  return { id: card.id, files, labels: namesOf(labels), defaults: card.defaults ?? {}, preview: card.preview };
}

/** The files that a card names, as absolute paths. Throws `missing-file` when one is not there. */
export async function namedFiles(folder: string, files: NonNullable<ModelCard['files']>): Promise<string[]> {
  const paths: string[] = [];
  for (const [role, file] of Object.entries(files)) {
    const path = resolve(folder, file);
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) {
      throw new StudioError('missing-file', `The ${role} of the model is not there any more: ${path}`, {
        hint: 'Underpaint uses checkpoints where they lie. Put the file back, or import the model again.',
      });
    }
    paths.push(path);
  }
  return paths;
}

/** Files in a folder whose names look like a checkpoint's, sorted. */
export async function checkpointFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && CHECKPOINT_EXTENSIONS.includes(extname(entry.name).toLowerCase()))
    .map((entry) => join(folder, entry.name))
    .sort();
}

/** The files in a folder that belong to a model; checkpoints of something else may lie beside them. */
async function recognisedFiles(folder: string): Promise<string[]> {
  const parts: Part[] = [];
  for (const file of await checkpointFiles(folder)) {
    const part = await recognise(file);
    if (part) parts.push(part);
  }
  if (parts.length === 0) {
    throw new StudioError('not-a-model', `The folder holds no model that Underpaint knows: ${folder}`, {
      hint: `A model's folder holds its checkpoints (${CHECKPOINT_EXTENSIONS.join(', ')}): the transformer and the tokenizer.`,
    });
  }
  identifyModel(parts.map(({ index }) => index));
  return parts.map(({ index }) => index.file);
}

async function recognise(file: string): Promise<Part | undefined> {
  try {
    return identify(await openCheckpoint(file));
  } catch (error) {
    if (error instanceof StudioError && error.code === 'not-a-model') return undefined;
    throw error;
  }
}

async function cardOfFiles(folder: string, files: readonly string[]): Promise<ModelCard> {
  const indexes = await Promise.all(files.map((file) => openCheckpoint(file)));
  const { family, title } = identifyModel(indexes);
  return { id: idFromFileName(basename(folder)), name: title, family: family.id };
}

async function readJson<T>(path: string, parse: Parser<T>): Promise<T | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return undefined;
  try {
    if (found.size > MAX_JSON_BYTES) throw new StudioError('bad-request', `It is larger than ${MAX_JSON_BYTES} bytes.`);
    return parse(JSON.parse(await readFile(path, 'utf8')), basename(path));
  } catch (error) {
    const { message } = toStudioError(error);
    throw new StudioError('corrupt-input', `The model's ${basename(path)} makes no sense: ${message}`, {
      hint: 'Import the model again, or repair the file.',
      detail: path,
      cause: error,
    });
  }
}
