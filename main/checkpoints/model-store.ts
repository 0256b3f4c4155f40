/**
 * The models of this machine: those that come with Underpaint and those that were imported.
 */
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { StudioError, toStudioError } from '../../app/base/errors.ts';
import { nearest } from '../../app/base/nearest.ts';
import { isModelId, type ModelCard } from '../../app/catalog/model-card.ts';
import { checkpointFiles, type Model, namedFiles, openModelFolder, readCard } from './model-folder.ts';

/** The model that is used when none is asked for, a folder among the starters. */
const DEFAULT_STARTER = 'var';
const SUGGESTIONS = 3;

/** A line of the list of models. */
export interface ModelEntry {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly license: string | undefined;
  /** Whether it came with Underpaint. */
  readonly builtIn: boolean;
  /** Whether it lies in a folder of another program, where nothing is written. */
  readonly shared: boolean;
  readonly folder: string;
  /** Bytes of its checkpoint files. */
  readonly size: number;
  /** The weights that its card says it is used with; undefined when it says none. */
  readonly precision: ModelCard['precision'];
  /** Why it cannot be used, or undefined. */
  readonly problem: string | undefined;
}

export interface ModelFolders {
  readonly models: string;
  readonly starter: string;
  /** Folders of other programs: models with or without a card, a folder each, or the checkpoints of one model. */
  readonly shared?: readonly string[] | undefined;
}

export class ModelStore {
  #folders: ModelFolders;

  constructor(folders: ModelFolders) {
    this.#folders = folders;
  }

  get folders(): ModelFolders {
    return this.#folders;
  }

  /** Looks elsewhere from now on. */
  use(folders: ModelFolders): void {
    this.#folders = folders;
  }

  /** All models, those of the program first, its default one before them; a broken one is listed with its problem. */
  async list(): Promise<ModelEntry[]> {
    const { starter, models, shared = [] } = this.#folders;
    const [starters, installed] = [defaultFirst(await subfolders(starter)), await subfolders(models)];
    const entries = await Promise.all([
      ...starters.map((folder) => entryOf(folder, { builtIn: true, shared: false })),
      ...installed.map((folder) => entryOf(folder, { builtIn: false, shared: false })),
      ...(await sharedFolders(shared)).map((folder) => sharedEntry(folder)),
    ]);
    return withoutRepeatedIds(entries.filter((entry) => entry !== undefined));
  }

  /**
   * Opens a model.
   *
   * @param wanted an id or a folder; without it the model that comes with Underpaint
   * @throws StudioError unknown-model when there is none, or what is wrong with its files
   */
  async find(wanted: string | undefined): Promise<Model> {
    if (wanted === undefined) return this.#openDefault();
    const entry = (await this.list()).find(({ id }) => id === wanted);
    if (entry) return openModelFolder(entry.folder);
    const folder = resolve(wanted);
    const found = await stat(folder).catch(() => undefined);
    if (found?.isDirectory()) return openModelFolder(folder);
    throw await this.#unknown(wanted, found !== undefined);
  }

  /** The folder of an imported model. Throws `bad-request` when the id cannot be one. */
  folderOf(id: string): string {
    if (isModelId(id)) return join(this.#folders.models, id);
    throw new StudioError('bad-request', `"${id}" cannot be the id of a model.`, {
      hint: 'An id has letters, digits, ".", "_" and "-", and begins with a letter or digit.',
    });
  }

  async #openDefault(): Promise<Model> {
    const folder = join(this.#folders.starter, DEFAULT_STARTER);
    if (await readCard(folder)) return openModelFolder(folder);
    throw new StudioError('unknown-model', 'The model that comes with Underpaint is missing.', {
      hint: 'Install Underpaint again, or name another model with --model.',
    });
  }

  async #unknown(wanted: string, isFile: boolean): Promise<StudioError> {
    if (isFile) {
      return new StudioError('unknown-model', `"${wanted}" is a file, not the folder of a model.`, {
        hint: 'Import checkpoint files first: underpaint models import --transformer FILE --tokenizer FILE',
      });
    }
    const ids = (await this.list()).map(({ id }) => id);
    const meant = nearest(wanted, ids, SUGGESTIONS);
    return new StudioError('unknown-model', `There is no model "${wanted}", and no such folder.`, {
      hint: meant.length > 0 ? `Did you mean ${meant.join(' or ')}?` : `Models here: ${ids.join(', ') || 'none'}.`,
    });
  }
}

async function subfolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
    .sort();
}

function defaultFirst(folders: readonly string[]): string[] {
  const isDefault = (folder: string) => basename(folder) === DEFAULT_STARTER;
  return [...folders.filter(isDefault), ...folders.filter((folder) => !isDefault(folder))];
}

/** A shared folder and the folders in it. One that cannot be read has no models today. */
async function sharedFolders(shared: readonly string[]): Promise<string[]> {
  const inside = await Promise.all(shared.map((folder) => subfolders(folder).catch(() => [])));
  return [...shared, ...inside.flat()];
}

/** Undefined for a folder that holds no model: other programs keep other things beside theirs. */
async function sharedEntry(folder: string): Promise<ModelEntry | undefined> {
  const place = { builtIn: false, shared: true };
  const known = await entryOf(folder, place);
  if (known) return known;
  try {
    const { card, source } = await openModelFolder(folder);
    const { id, name, family, precision } = card;
    return {
      ...place,
      folder,
      id,
      name,
      family,
      license: undefined,
      precision,
      size: await sizeOf(source.files),
      problem: undefined,
    };
  } catch {
    return undefined;
  }
}

/** The first of them is the one that `find` finds. */
function withoutRepeatedIds(entries: readonly ModelEntry[]): ModelEntry[] {
  const seen = new Set<string>();
  return entries.filter(({ id, shared }) => !(shared && seen.has(id)) && seen.add(id));
}

async function sizeOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

/** Undefined for a folder without a card. */
async function entryOf(folder: string, kind: Pick<ModelEntry, 'builtIn' | 'shared'>): Promise<ModelEntry | undefined> {
  const place = { ...kind, folder };
  let card: ModelCard | undefined;
  try {
    card = await readCard(folder);
    if (!card) return undefined;
    const { id, name, family, license, precision } = card;
    const files = card.files ? await namedFiles(folder, card.files) : await checkpointFiles(folder);
    return { ...place, id, name, family, license, precision, size: await sizeOf(files), problem: undefined };
  } catch (error) {
    const { message } = toStudioError(error);
    const known = {
      id: card?.id ?? folder,
      name: card?.name ?? '',
      family: card?.family ?? '',
      license: card?.license,
      precision: card?.precision,
    };
    return { ...place, ...known, size: 0, problem: message };
  }
}
