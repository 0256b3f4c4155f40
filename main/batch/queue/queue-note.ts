/**
 * What a batch leaves in its folder for workers: which queues to work on, and what they must have for it. Workers that see
 * the same folder so find the same batch, wherever the folder is for them.
 */
import { type OutputOptions, parseOutputOptions } from '../../../app/batch/batch-options.ts';
import type { EngineOptions } from '../../../app/contracts/engine-api.ts';
import { engineOptions, settings } from '../../../app/contracts/engine-contract.ts';
import { fields, integer, list, nullable, optional, type Parser, text } from '../../../app/contracts/parse.ts';
import type { GenerationRequest } from '../../../app/generation/request.ts';
import type { ResultStore } from '../stores/result-store.ts';

const NOTE = '.underpaint/queue.json';

/** A model by its contents, with its name for people and how it is to be run. */
export interface QueuedModel {
  readonly hash: string;
  readonly id: string;
  readonly name: string;
  readonly options: EngineOptions;
}

export interface QueueNote {
  /** Of this layout: 1. */
  readonly version: number;
  /** Of the queues; another one for each batch. */
  readonly id: string;
  /** Of the batch. */
  readonly fingerprint: string;
  /** Version of Underpaint: another one might paint differently. */
  readonly app: string;
  readonly models: readonly QueuedModel[];
  readonly output: OutputOptions;
}

/** A picture as it waits in a queue. */
export interface PictureJob extends Pick<GenerationRequest, 'label' | 'prompt' | 'seed' | 'settings'> {
  readonly file: string;
}

/** What a worker answers. */
export interface PictureAnswer {
  readonly bytes: number;
}

const MAX_SEED = 2 ** 32 - 1;
const count = integer(0, Number.MAX_SAFE_INTEGER);

const parseNote: Parser<QueueNote> = fields<QueueNote>({
  version: integer(1, 1),
  id: text,
  fingerprint: text,
  app: text,
  models: list(fields<QueuedModel>({ hash: text, id: text, name: text, options: engineOptions })),
  output: parseOutputOptions,
});

export const parsePictureJob: Parser<PictureJob> = fields<PictureJob>({
  label: nullable(count),
  prompt: optional(text),
  seed: integer(0, MAX_SEED),
  settings,
  file: text,
});

export const parsePictureAnswer: Parser<PictureAnswer> = fields<PictureAnswer>({ bytes: count });

/** The queue of a batch's pictures of one model. */
export function queueName(batch: string, model: QueuedModel): string {
  return `underpaint-${batch}-${model.hash.slice(0, 16)}`;
}

/** Undefined when there is none, or one of another version of Underpaint that this one does not understand. */
export async function readNote(store: ResultStore): Promise<QueueNote | undefined> {
  const bytes = await store.read(NOTE);
  if (!bytes) return undefined;
  try {
    return parseNote(JSON.parse(Buffer.from(bytes).toString('utf8')), 'note');
  } catch {
    return undefined;
  }
}

export function writeNote(store: ResultStore, note: QueueNote): Promise<void> {
  return store.write(NOTE, Buffer.from(JSON.stringify(note)));
}

export function removeNote(store: ResultStore): Promise<void> {
  return store.remove(NOTE);
}
