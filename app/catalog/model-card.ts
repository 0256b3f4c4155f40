/**
 * `card.json` of a model's folder: what the model is called and where its files are.
 */
import { PRECISIONS, type Precision } from '../contracts/engine-api.ts';
import { mapRegion, settings } from '../contracts/engine-contract.ts';
import { either, fields, finite, list, oneOf, optional, type Parser, record, text } from '../contracts/parse.ts';
import type { MapRegion, Settings } from '../generation/request.ts';
import { IMAGENET_LABELS } from './imagenet-labels.ts';

export interface ModelCard {
  /** Letters, digits, `.`, `_` and `-`; the name of the model's folder. */
  readonly id: string;
  readonly name: string;
  readonly family: string;
  /** Checkpoint files by role, absolute or relative to the folder; without it they are those in the folder. */
  readonly files?: Readonly<Record<string, string>> | undefined;
  /** Class names by index, or the name of a known list; without it they stand in `labels.json`, if there is one. */
  readonly labels?: readonly string[] | 'imagenet' | undefined;
  /** What the colours of its segmentation maps stand for. */
  readonly regions?: readonly MapRegion[] | undefined;
  /** Default settings that differ from the family's. */
  readonly defaults?: Settings | undefined;
  readonly license?: string | undefined;
  /** Page that says so. */
  readonly licenseUrl?: string | undefined;
  /** SHA-256 of files by role, as far as they are known: 64 hex digits. */
  readonly hashes?: Readonly<Record<string, string>> | undefined;
  /** Arithmetic that it is used with when none is asked for; exact when left out. */
  readonly precision?: Precision | undefined;
  /** Linear map from latent to RGB, fitted to the model's decoder. */
  readonly preview?: readonly number[] | undefined;
}

const MAX_ID_LENGTH = 64;
const ID = /^[a-z0-9][a-z0-9._-]*$/i;
/** Names that Windows does not allow for files, whatever their extension. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Throws `bad-request` that names the field which is wrong. Unknown fields are dropped. */
export const parseModelCard: Parser<ModelCard> = fields<ModelCard>({
  id: text,
  name: text,
  family: text,
  files: optional(record(text)),
  labels: optional(either(list(text), oneOf('imagenet'), 'a list of texts or "imagenet"')),
  regions: optional(list(mapRegion)),
  defaults: optional(settings),
  license: optional(text),
  licenseUrl: optional(text),
  hashes: optional(record(text)),
  precision: optional(oneOf(...PRECISIONS)),
  preview: optional(list(finite)),
});

/** `labels.json` beside a card. */
export const parseLabels: Parser<{ readonly labels: readonly string[] }> = fields<{ labels: readonly string[] }>({
  labels: list(text),
});

/** The names that `labels` of a card stands for. */
export function namesOf(labels: ModelCard['labels']): readonly string[] {
  return labels === 'imagenet' ? IMAGENET_LABELS : (labels ?? []);
}

/** The list of class names that published models of so many classes have. */
export function knownLabels(classes: number): 'imagenet' | undefined {
  return classes === IMAGENET_LABELS.length ? 'imagenet' : undefined;
}

export function isModelId(id: string): boolean {
  return id.length <= MAX_ID_LENGTH && ID.test(id) && !RESERVED.test(id) && !id.endsWith('.');
}

/** A model's id from its file's name, such as `var_d16` from `var_d16.pth`. */
export function idFromFileName(name: string): string {
  const stem = name.replace(/\.(pth|pt|bin|ckpt|safetensors)$/i, '');
  const id = stem
    .replace(/[^a-z0-9._-]+/gi, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/gi, '')
    .slice(0, MAX_ID_LENGTH)
    .replace(/\.+$/, '');
  return isModelId(id) ? id : 'model';
}
