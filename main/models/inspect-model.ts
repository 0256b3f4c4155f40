/**
 * Looks at files that a person gives, and says what can be made of them.
 */
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isCancelled, StudioError, toStudioError } from '../../app/base/errors.ts';
import { idFromFileName } from '../../app/catalog/model-card.ts';
import type { PublishedFile, PublishedModel } from '../../app/catalog/published-model.ts';
import { licenseOf } from '../../app/catalog/published-model.ts';
import { PUBLISHED_MODELS } from '../../app/catalog/published-models.ts';
import type { InspectedFile, Inspection } from '../../app/contracts/models-api.ts';
import type { Part } from '../../native-models/model-family.ts';
import { identify, identifyModel } from '../../native-models/registry.ts';
import type { TensorIndex } from '../../native-models/weights/tensor-entry.ts';
import { byteLength } from '../../native-models/weights/tensor-entry.ts';
import { checkpointFiles } from '../checkpoints/model-folder.ts';
import { openCheckpoint } from '../checkpoints/open-checkpoint.ts';

/** A file's size may differ by so much from that of its tensors. */
const SIZE_TOLERANCE = 0.02;
/** Files of a folder that are looked at. */
const MAX_FILES = 200;

const ROLES: readonly Part['role'][] = ['transformer', 'tokenizer', 'text-encoder'];

/**
 * @param paths files and folders
 * @param companions files of this machine that may complete a model, such as tokenizers of installed ones
 * @throws StudioError missing-file when a path leads nowhere
 */
export async function inspectModel(paths: readonly string[], companions: readonly string[]): Promise<Inspection> {
  const found = await Promise.all((await expand(paths)).map(lookAt));
  const parts = found.flatMap(({ part }) => (part ? [part] : []));
  const files = found.map(({ file }) => file);
  const nothing = { files, complete: [], family: null, title: null, id: null, license: null, missing: null };
  const [first] = parts;
  if (!first) return nothing;
  const whole = await complete(parts, companions);
  const published = findPublished(whole.parts);
  const main = parts.find(({ role }) => role === 'transformer') ?? first;
  const facts = {
    ...nothing,
    family: main.family,
    id: idFromFileName(basename(main.index.file)),
    license: published ? licenseOf(published) : null,
  };
  if (whole.problem) return { ...facts, title: main.title, missing: missingOf(parts, whole.problem) };
  return { ...facts, title: whole.title, complete: whole.parts.map(({ index }) => index.file) };
}

/** The card of the catalogue that a transformer is of, told from its family and size. */
export function findPublished(parts: readonly Part[]): PublishedModel | undefined {
  const transformer = parts.find(({ role }) => role === 'transformer');
  if (!transformer) return undefined;
  const size = [...transformer.index.entries.values()].reduce((sum, entry) => sum + byteLength(entry), 0);
  return PUBLISHED_MODELS.find(
    ({ family, files }) =>
      family === transformer.family && isAbout(size, files.find(({ role }) => role === 'transformer')?.size),
  );
}

function isAbout(size: number, published: number | undefined): boolean {
  return published !== undefined && Math.abs(size - published) <= SIZE_TOLERANCE * published;
}

async function expand(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const real = await realpath(path).catch((cause: unknown) => {
      throw new StudioError('missing-file', `There is nothing at ${path}.`, { hint: 'Check the path.', cause });
    });
    const isFolder = (await stat(real)).isDirectory();
    if (!isFolder) files.push(real);
    else files.push(...(await checkpointFiles(real)).slice(0, MAX_FILES), ...(await firstInside(real)));
  }
  return [...new Set(files)];
}

/** A folder of folders, as a download of a whole repository makes it. */
async function firstInside(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const inside = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory())
      .slice(0, MAX_FILES)
      .map((entry) => checkpointFiles(join(folder, entry.name)).catch(() => [])),
  );
  return inside.flat().slice(0, MAX_FILES);
}

async function lookAt(path: string): Promise<{ file: InspectedFile; part: Part | undefined }> {
  const size = (await stat(path)).size;
  try {
    const index = await openCheckpoint(path);
    const part = identify(index);
    const { role, title } = part;
    return { part, file: { file: path, size, known: true, role, title, precision: storageOf(index) } };
  } catch (error) {
    if (isCancelled(error)) throw error;
    const { message, hint } = toStudioError(error);
    return { part: undefined, file: { file: path, size, known: false, reason: message, hint: hint ?? '' } };
  }
}

/** The type that most bytes of a checkpoint have. */
function storageOf({ entries }: TensorIndex): string {
  const bytes = new Map<string, number>();
  for (const entry of entries.values()) bytes.set(entry.type, (bytes.get(entry.type) ?? 0) + byteLength(entry));
  return [...bytes].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '';
}

type Whole =
  | { readonly parts: readonly Part[]; readonly title: string; readonly problem: undefined }
  | { readonly parts: readonly Part[]; readonly problem: StudioError };

/** Tries the parts alone, and then with companions of the roles that they lack. */
async function complete(parts: readonly Part[], companions: readonly string[]): Promise<Whole> {
  const alone = tryTogether(parts);
  if (!parts.some(({ role }) => role === 'transformer')) {
    return { parts, problem: new StudioError('missing-file', 'A model also needs its transformer.') };
  }
  if (!alone.problem) return alone;
  for (const added of await combinations(parts, companions)) {
    const together = tryTogether([...parts, ...added]);
    if (!together.problem) return together;
  }
  return alone;
}

/** Each choice of one companion for each missing role, or for some of them; the smallest choices first. */
async function combinations(parts: readonly Part[], companions: readonly string[]): Promise<Part[][]> {
  const found = await Promise.all(
    companions.map((file) =>
      openCheckpoint(file)
        .then(identify)
        .catch(() => undefined),
    ),
  );
  let choices: Part[][] = [[]];
  for (const role of ROLES.filter((wanted) => !parts.some((part) => part.role === wanted))) {
    const candidates = found.filter((part) => part?.role === role) as Part[];
    choices = choices.flatMap((choice) => [choice, ...candidates.map((part) => [...choice, part])]);
  }
  return choices.toSorted((a, b) => a.length - b.length);
}

function tryTogether(parts: readonly Part[]): Whole {
  try {
    const { parts: known, title } = identifyModel(parts.map(({ index }) => index));
    return { parts: known, title, problem: undefined };
  } catch (error) {
    return { parts, problem: toStudioError(error) };
  }
}

function missingOf(parts: readonly Part[], problem: StudioError): Inspection['missing'] {
  const file = companionOf(parts);
  return { what: problem.message, file: file?.name ?? null, size: file?.size ?? 0 };
}

/** The first file that a model of the catalogue has, and the parts have not. */
export function companionOf(parts: readonly Part[]): PublishedFile | undefined {
  const transformer = parts.find(({ role }) => role === 'transformer');
  const published = findPublished(parts) ?? PUBLISHED_MODELS.find(({ family }) => family === transformer?.family);
  return published?.files.find((file) => !parts.some(({ role }) => role === file.role));
}
