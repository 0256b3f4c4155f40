/**
 * Everything about a batch that can be known before a picture is made: its requests, its files, and what tells it apart
 * from others.
 */
import { createHash } from 'node:crypto';
import { StudioError, toStudioError } from '../../app/base/errors.ts';
import { endingOf, type OutputOptions } from '../../app/batch/batch-options.ts';
import { checkSize, type Expansion, expandPlan } from '../../app/batch/expand.ts';
import { NameCheck, type NameValues, parseTemplate } from '../../app/batch/file-names.ts';
import type { BatchPlan } from '../../app/batch/plan.ts';
import type { PlannedControl } from '../../app/batch/planned-control.ts';
import { nameValues, resolvePicture } from '../../app/batch/resolve-picture.ts';
import type { GenerationRequest } from '../../app/generation/request.ts';
import { hashFile } from '../files/hash-file.ts';
import type { ReadyModel } from '../generate-pictures.ts';
import type { AskedOptions, Studio } from '../studio.ts';
import { hashModel } from './model-hash.ts';

/** What knows the models. */
export type ModelOpener = Pick<Studio, 'ready'>;

/** A model with the hash of its contents. */
export interface BatchModel extends ReadyModel {
  readonly hash: string;
}

/** One picture to make. */
export interface BatchPicture {
  /** Number of the picture, 0 … */
  readonly index: number;
  readonly model: BatchModel;
  /** Without its control map, which `completeRequest` reads. */
  readonly request: GenerationRequest;
  readonly control?: (PlannedControl & { readonly hash: string }) | undefined;
  /** Relative, with forward slashes and its ending. */
  readonly file: string;
  /** Tells the picture and how it is written apart from every other, in hexadecimal. */
  readonly key: string;
  /** What it is made of, in words. */
  readonly values: NameValues;
}

export interface BatchRequest {
  readonly plan: BatchPlan;
  readonly output: OutputOptions;
  readonly engine: AskedOptions;
  /** Id or folder of the model for entries that name none. */
  readonly model?: string | undefined;
}

export interface PreparedBatch extends BatchRequest {
  readonly pictures: readonly BatchPicture[];
  /** Tells the batch apart from every other, in hexadecimal. */
  readonly fingerprint: string;
}

/** Letters of a key; far more than what could meet by chance. */
const KEY_LENGTH = 32;
/** Changes when the same request makes other files. */
const LAYOUT = 1;

/**
 * @throws StudioError bad-request or unknown-label that names the picture, when the plan asks for what a model does not
 *   have, for too many pictures, or for two with the same name; unknown-model and what is wrong with a model
 */
export async function prepareBatch(
  studio: ModelOpener,
  request: BatchRequest,
  signal?: AbortSignal,
): Promise<PreparedBatch> {
  const expansion = expandPlan(request.plan);
  checkSize(expansion.count);
  const models = await openModels(studio, expansion, request, signal);
  const template = parseTemplate(request.output.name);
  const names = new NameCheck();
  const hashes = new Map<string, Promise<string>>();
  const pictures: BatchPicture[] = [];
  for (let index = 0; index < expansion.count; index++) {
    const fields = expansion.at(index);
    const model = models.get(fields.model ?? '') as BatchModel;
    const picture = inPicture(index, () => {
      const resolved = resolvePicture(fields, model.model.folder, model.description);
      const values = nameValues(resolved, model.model.card.id, index, expansion.count);
      const file = template.fill(values) + endingOf(request.output.format);
      return { index, model, request: resolved.request, file, values, planned: resolved.control };
    });
    names.add(picture.file, index + 1);
    pictures.push(await withKey(picture, request, hashes));
  }
  return { ...request, pictures, fingerprint: fingerprintOf(pictures) };
}

/** The models of a plan by the names that it uses; the empty name is that of entries which name none. */
async function openModels(
  studio: ModelOpener,
  expansion: Expansion,
  { engine, model }: BatchRequest,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, BatchModel>> {
  const models = new Map<string, BatchModel>();
  for (let index = 0; index < expansion.count; index++) {
    const name = expansion.at(index).model ?? '';
    if (models.has(name)) continue;
    const ready = await studio.ready(name || model, engine, signal);
    models.set(name, { ...ready, hash: await hashModel(ready.model.source.files) });
  }
  return models;
}

function inPicture<T>(index: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code, message, hint, detail } = toStudioError(error);
    throw new StudioError(code, `Picture ${index + 1} of the plan: ${message}`, {
      cause: error,
      ...(hint !== undefined && { hint }),
      ...(detail !== undefined && { detail }),
    });
  }
}

interface Resolved extends Omit<BatchPicture, 'key' | 'control'> {
  readonly planned: PlannedControl | undefined;
}

/** @param hashes of the files of control maps, by path */
async function withKey(
  { planned, ...picture }: Resolved,
  request: BatchRequest,
  hashes: Map<string, Promise<string>>,
): Promise<BatchPicture> {
  if (!planned) return { ...picture, key: keyOf(picture, request) };
  const hash = hashes.get(planned.file) ?? hashFile(planned.file);
  hashes.set(planned.file, hash);
  const complete = { ...picture, control: { ...planned, hash: await hash } };
  return { ...complete, key: keyOf(complete, request) };
}

function keyOf(
  { model, request: { label, prompt, seed, settings }, control }: Pick<BatchPicture, 'model' | 'request' | 'control'>,
  { output: { format, quality, metadata } }: BatchRequest,
): string {
  const { provider, precision } = model.options;
  const made = [model.hash, label, prompt, seed, Object.entries(settings).sort(), provider, precision];
  const over = control ? [[control.hash, control.kind, control.made]] : [];
  return digest([LAYOUT, ...made, ...over, format, format === 'png' ? 0 : quality, metadata]);
}

function fingerprintOf(pictures: readonly BatchPicture[]): string {
  return digest(pictures.map(({ key, file }) => [key, file]));
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, KEY_LENGTH);
}

/** Pictures of one model together, so that it is loaded once; otherwise in their order. */
export function groupByModel(pictures: readonly BatchPicture[]): (readonly [BatchPicture, ...BatchPicture[]])[] {
  const groups = new Map<string, [BatchPicture, ...BatchPicture[]]>();
  for (const picture of pictures) {
    const group = groups.get(picture.model.hash);
    if (group) group.push(picture);
    else groups.set(picture.model.hash, [picture]);
  }
  return [...groups.values()];
}
