/**
 * The journal of a batch: `.underpaint/batch.json` where its pictures go. It lists every picture before the first one is
 * made, and never changes after that; as files are there wholly or not at all, a picture is done when its file is there.
 * So a batch may be killed at any point.
 */
import { StudioError } from '../../app/base/errors.ts';
import { fields, integer, list, type Parser, text, tuple } from '../../app/contracts/parse.ts';
import type { BatchPicture, PreparedBatch } from './prepare-batch.ts';
import type { ResultStore } from './stores/result-store.ts';
import { filesOf } from './write-result.ts';

const JOURNAL = '.underpaint/batch.json';

interface Journal {
  /** Of this layout: 1. */
  readonly version: number;
  readonly fingerprint: string;
  /** File and key of every picture. */
  readonly pictures: readonly (readonly [file: string, key: string])[];
}

const parseJournal: Parser<Journal> = fields<Journal>({
  version: integer(1, 1),
  fingerprint: text,
  pictures: list(tuple<readonly [string, string]>(text, text)),
});

export interface JournalOptions {
  /** Whether pictures of a plan that has changed since are kept where they are the same, and replaced where they are not. */
  readonly acceptChanges: boolean;
}

/** What is to be done at a place. */
export interface BatchState {
  /** Pictures that are not there yet. */
  readonly missing: readonly BatchPicture[];
  /** Files of a plan before that are to give way. */
  readonly stale: readonly string[];
  /** Files and keys of a plan before; undefined when the journal is of this batch. */
  readonly before: ReadonlyMap<string, string> | undefined;
}

/**
 * Looks at a place; nothing is changed.
 *
 * @throws StudioError bad-request when the place holds another plan's pictures, or files that no batch has made
 */
export async function inspectPlace(
  store: ResultStore,
  batch: PreparedBatch,
  { acceptChanges }: JournalOptions,
): Promise<BatchState> {
  const existing = await store.existing(batch.pictures.flatMap((picture) => filesOf(picture, batch.output)));
  const isMissing = ({ file }: BatchPicture) => !existing.has(file);
  const journal = await readJournal(store);
  if (journal?.fingerprint === batch.fingerprint) {
    return { missing: batch.pictures.filter(isMissing), stale: [], before: undefined };
  }
  const before = new Map(journal?.pictures ?? []);
  refuseForeign(store, batch, existing, before);
  if (journal && !acceptChanges) throw changedPlan(store, batch, before);
  const missing = batch.pictures.filter((picture) => isMissing(picture) || before.get(picture.file) !== picture.key);
  const stale = missing.filter((picture) => !isMissing(picture)).map(({ file }) => file);
  return { missing, stale, before };
}

/** Begins a batch, or takes one up; returns the pictures that are not there yet. Throws what `inspectPlace` throws. */
export async function openJournal(
  store: ResultStore,
  batch: PreparedBatch,
  options: JournalOptions,
): Promise<readonly BatchPicture[]> {
  const { missing, stale, before } = await inspectPlace(store, batch, options);
  // Before the journal says that they are of this plan.
  for (const file of stale) await store.remove(file);
  if (before) await writeJournal(store, batch, before);
  return missing;
}

async function readJournal(store: ResultStore): Promise<Journal | undefined> {
  const bytes = await store.read(JOURNAL);
  if (!bytes) return undefined;
  try {
    return parseJournal(JSON.parse(Buffer.from(bytes).toString('utf8')), 'journal');
  } catch (cause) {
    throw new StudioError('corrupt-input', `The journal ${JOURNAL} in ${store.place} makes no sense.`, {
      hint: 'Choose another folder, or remove the journal and the pictures.',
      cause,
    });
  }
}

/** Pictures of the plan before stay listed: they are of this place, and may be replaced one day. */
async function writeJournal(store: ResultStore, batch: PreparedBatch, before: ReadonlyMap<string, string>) {
  const pictures = new Map([...before, ...batch.pictures.map(({ file, key }) => [file, key] as const)]);
  const journal: Journal = { version: 1, fingerprint: batch.fingerprint, pictures: [...pictures] };
  await store.write(JOURNAL, Buffer.from(JSON.stringify(journal)));
}

function refuseForeign(
  store: ResultStore,
  batch: PreparedBatch,
  existing: ReadonlySet<string>,
  before: ReadonlyMap<string, string>,
): void {
  const foreign = batch.pictures.flatMap((picture) => {
    return before.has(picture.file) ? [] : filesOf(picture, batch.output).filter((file) => existing.has(file));
  });
  const [first] = foreign;
  if (first === undefined) return;
  const others = foreign.length > 1 ? ` and ${foreign.length - 1} more` : '';
  throw new StudioError('bad-request', `${first}${others} would be replaced in ${store.place}.`, {
    hint: 'No batch has made what is there: choose another folder, or other names with --name.',
  });
}

function changedPlan(store: ResultStore, batch: PreparedBatch, before: ReadonlyMap<string, string>): StudioError {
  const same = batch.pictures.filter(({ file, key }) => before.get(file) === key).length;
  return new StudioError('bad-request', `${store.place} holds the pictures of another plan.`, {
    hint:
      `${same} of ${batch.pictures.length} pictures are the same in both. Choose another folder, or go on here with ` +
      '--accept-changes: it keeps those, and replaces files of the same name.',
  });
}
