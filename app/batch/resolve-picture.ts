/**
 * A picture of a plan against the model that is to make it.
 */
import { StudioError } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';
import { findLabel } from '../catalog/find-label.ts';
import type { GenerationRequest, ModelDescription, SettingSpec, SettingValue } from '../generation/request.ts';
import { resolveSettings } from '../generation/resolve-settings.ts';
import type { PictureFields } from './expand.ts';
import type { NameValues } from './file-names.ts';
import { CONTROL_FIELDS, type PlannedControl, plannedControl } from './planned-control.ts';

/** Fields of a plan that are no settings. */
export const OWN_FIELDS = ['model', 'label', 'prompt', 'seed', ...CONTROL_FIELDS] as const;

const MAX_SEED = 2 ** 32 - 1;
const SUGGESTIONS = 2;
const YES = ['true', 'yes', 'on', '1'];
const NO = ['false', 'no', 'off', '0'];

export interface ResolvedPicture {
  readonly request: GenerationRequest;
  /** The class in words, or null. */
  readonly labelName: string | null;
  /** What the request's map is made of; the request itself does not have it yet. */
  readonly control?: PlannedControl | undefined;
}

/**
 * The request for a picture. What the plan leaves out is the model's default, no class in particular, and seed 0.
 *
 * @param model what the request names the model
 * @throws StudioError bad-request or unknown-label, with what is near
 */
export function resolvePicture(fields: PictureFields, model: string, description: ModelDescription): ResolvedPicture {
  const { model: _, label: labelText, prompt, seed: seedText, ...others } = fields;
  const { labels, classes, settings: specs } = description;
  checkWords(prompt, description);
  const control = plannedControl(fields, description);
  const rest = control ? withoutControl(others) : others;
  const label = labelText === undefined ? null : findLabel(labelText, labels, classes);
  const given = Object.entries(rest).map(([id, text]) => [id, settingValue(specs, id, text)] as const);
  const settings = resolveSettings(specs, Object.fromEntries(given));
  return {
    request: { model, label, seed: parseSeed(seedText ?? '0'), settings, ...(prompt !== undefined && { prompt }) },
    labelName: label === null ? null : (labels[label] ?? null),
    ...(control && { control }),
  };
}

function withoutControl(fields: PictureFields): PictureFields {
  const names: readonly string[] = CONTROL_FIELDS;
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

/** What a picture's name may be made of; `n` is its number among all, with leading zeros. */
export function nameValues(
  { request, labelName }: ResolvedPicture,
  model: string,
  index: number,
  count: number,
): NameValues {
  const { label, prompt, seed, settings } = request;
  const n = String(index + 1).padStart(String(count).length, '0');
  const words = prompt === undefined ? {} : { prompt };
  return { ...settings, n, model, label: labelName ?? label ?? prompt ?? null, ...words, seed };
}

/** Throws `bad-request` for a model that does not paint from words. */
function checkWords(prompt: string | undefined, { title, words }: ModelDescription): void {
  if (prompt === undefined || words) return;
  throw new StudioError('bad-request', `${title} does not paint from words.`, {
    hint: 'Give a "label", one of its classes, in place of "prompt".',
  });
}

function settingValue(specs: readonly SettingSpec[], id: string, text: string): SettingValue {
  const spec = specs.find((other) => other.id === id);
  if (!spec) throw unknownField(specs, id);
  if (spec.kind === 'switch') return parseSwitch(spec, text);
  if (spec.kind === 'choice') return text.trim();
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new StudioError('bad-request', `${spec.name} (${id}) must be a number, not "${text}".`);
}

function parseSwitch({ name, id }: SettingSpec, text: string): boolean {
  const word = text.trim().toLowerCase();
  if (YES.includes(word)) return true;
  if (NO.includes(word)) return false;
  throw new StudioError('bad-request', `${name} (${id}) is either on or off, not "${text}".`);
}

function parseSeed(text: string): number {
  const seed = /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN;
  if (seed <= MAX_SEED) return seed;
  throw new StudioError('bad-request', `A seed is a whole number from 0 to ${MAX_SEED}, not "${text}".`);
}

function unknownField(specs: readonly SettingSpec[], id: string): StudioError {
  const known = [...OWN_FIELDS, 'choose', 'choose_seed', ...specs.map((spec) => spec.id)];
  const meant = nearest(id, known, SUGGESTIONS);
  return new StudioError('bad-request', `The model has no setting "${id}".`, {
    hint: meant.length > 0 ? `Did you mean ${meant.join(' or ')}?` : `A plan may have: ${known.join(', ')}.`,
  });
}
